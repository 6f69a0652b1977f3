#!/usr/bin/python3
"""Writes every alert as it is, and many times with one thing wrong, each with the tests of that alert.

    mutants.py ALERTS.yml DIRECTORY     prints a line each: the tests' file, the alert, what is wrong
"""

import json
import re
import sys

import situations

OPPOSITE = {"==": "!=", "!=": "==", ">": "<=", "<=": ">", "<": ">=", ">=": "<"}


def spots(pattern, query):
    """Where a pattern stands in a query, outside of label matchers, texts and ranges."""
    bare = re.sub(r"\{[^}]*\}|\[[^]]*\]|\([a-z_, ]*\)", lambda hidden: " " * len(hidden.group()), query)
    return re.finditer(pattern, bare, re.MULTILINE)


def queries(query):
    """Pairs: what is wrong, and the query that has it."""

    def without(spot, new=""):
        return query[: spot.start()] + new + query[spot.end():]

    for spot in spots(r"(?<![=!<>])(?:[=!<>]=|[<>])(?![=])", query):
        yield f"{spot.group()} turned round", without(spot, OPPOSITE[spot.group()])
    for spot in spots(r"(?<![\w.])[\d.]+(?![\w.])", query):
        for percent in (80, 125):
            number = float(spot.group()) * percent / 100
            if number:
                yield f"{percent}% of {spot.group()}", without(spot, f"{number:g}")
    for spot in spots(r"[-+] (?:on +)?pg_\w+|[\d.]+ \* ", query):
        yield f"no {spot.group().strip()}", without(spot)
    for spot in spots(r"\b(?:and|or|unless)\b.*", query):
        yield f"no {spot.group()}", without(spot)
    for spot in spots(r"(?s:\A.*?\bor\b)", query):
        yield "only what follows or", without(spot)
    for spot in re.finditer(r'="', query):
        yield f"another label at {query[spot.start() - 12:spot.end()]}", without(spot, '!="')
    for spot in re.finditer(r"\{.*?\}", query):
        yield f"any {spot.group()}", without(spot)
    for spot in re.finditer(r"\[(\d+)([mh])\]", query):
        yield f"[1m] for {spot.group()}", without(spot, "[1m]")


def mutants(rule):
    for wrong, query in queries(rule["expr"]):
        yield wrong, rule | {"expr": query}
    if "for" in rule:
        number, unit = re.fullmatch(r"(\d+)(\w)", rule["for"]).groups()
        yield "at once", {key: rule[key] for key in rule if key != "for"}
        yield f"for: three times {rule['for']}", rule | {"for": f"{3 * int(number)}{unit}"}


def write(base, rule, cases):
    with open(f"{base}.rules.yml", "w", encoding="utf-8") as file:
        json.dump({"groups": [{"name": "one", "rules": [rule]}]}, file)
    with open(f"{base}.yml", "w", encoding="utf-8") as file:
        json.dump(situations.tests(f"{base}.rules.yml", cases), file)


def main():
    path, directory = sys.argv[1:]
    number = 0
    for rule in situations.rules(path):
        cases = [situations.case("all is well", {}, {5: [], 60: []}), *situations.own_cases(rule, alone=True)]
        for wrong, mutant in [("nothing", rule), *mutants(rule)]:
            number += 1
            write(f"{directory}/{number:03}", mutant, cases)
            print(f"{directory}/{number:03}.yml {rule['alert']}: {wrong}")


main()
