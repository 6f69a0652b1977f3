#!/usr/bin/python3
"""The queries of alerts and dashboard, and the metrics they name.

    names.py names FILE...      every metric's name, one a line
    names.py queries FILE...    every query, one a line, for any server
"""

import json
import re
import sys

import yaml

WORDS = {"and", "or", "unless", "on", "by", "ignoring", "without", "group_left", "group_right", "bool", "offset"}


def queries(path):
    with open(path, encoding="utf-8") as file:
        tree = json.load(file) if path.endswith(".json") else yaml.safe_load(file)
    for group in tree.get("groups", []):
        for rule in group["rules"]:
            yield rule["expr"]
    for panel in tree.get("panels", []):
        for target in panel["targets"]:
            yield target["expr"]


def names(query):
    """Words that are neither functions, keywords, labels nor parts of texts and durations."""
    bare = re.sub(r'"[^"]*"', "", query)
    bare = re.sub(r"\{[^}]*\}|\[[^]]*\]", "", bare)
    bare = re.sub(r"\b(by|on|without|ignoring|group_left|group_right)\s*\([^)]*\)", "", bare)
    for word in re.finditer(r"[A-Za-z_:][\w:]*(?!\s*\()\b(?!\s*\()", bare):
        if word.group() not in WORDS and not bare[: word.start()].endswith(tuple("0123456789.")):
            yield word.group()


found = [q for path in sys.argv[2:] for q in queries(path)]
if sys.argv[1] == "names":
    print("\n".join(sorted({name for q in found for name in names(q)})))
else:
    print("\n".join(" ".join(q.replace("$instance", ".*").split()) for q in found))
