"""What we ask of a workflow beyond what a validator knows. Prints a line for each fault.

    check.py WORKFLOW...
    check.py --scripts DIRECTORY WORKFLOW    writes each script to DIRECTORY/JOB.NUMBER.sh
"""
import os
import re
import sys

import yaml

PINNED = re.compile(r"[\w.-]+/[\w./-]+@[0-9a-f]{40}")
DIGEST = re.compile(r"@sha256:[0-9a-f]{64}")
IMAGE = re.compile(r"[\w.-]+/[\w.-]*(?:buildkit|scanner)[\w.-]*\b\S*")
RIGHTS = {"contents": {"read"}, "packages": {"read", "write"}, "id-token": {"write"}}
LONGEST = 120  # minutes


def texts(value):
    if isinstance(value, dict):
        for inner in value.values():
            yield from texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from texts(inner)
    elif isinstance(value, str):
        yield value


def check_uses(where, uses, directory):
    if uses.startswith("./"):
        if not os.path.exists(os.path.join(directory, os.path.basename(uses))):
            yield f"{where}: {uses} is no workflow of this tree"
    elif not PINNED.fullmatch(uses):
        yield f"{where}: {uses} is not pinned by its commit"


def check_step(where, step, directory):
    if "uses" in step:
        yield from check_uses(where, step["uses"], directory)
        if step["uses"].startswith("actions/checkout@") and step.get("with", {}).get("persist-credentials") is not False:
            yield f"{where}: it leaves a token in the tree"
    if "${{" in step.get("run", ""):
        yield f"{where}: an expression is a part of a script's text"
    if not step.get("name"):
        yield f"{where}: it has no name"
    logs_in = "docker login" in step.get("run", "")
    for text in texts(step):
        if re.search(r"secrets\.|github\.token", text) and not logs_in:
            yield f"{where}: it is told a secret: {text}"


def check_job(where, job, directory):
    rights = job.get("permissions")
    if not isinstance(rights, dict):
        yield f"{where}: it does not say its permissions"
    else:
        for right, level in rights.items():
            if level not in RIGHTS.get(right, ()):
                yield f"{where}: it may {level} {right}"
    if "uses" in job:
        yield from check_uses(where, job["uses"], directory)
        return
    if not 0 < job.get("timeout-minutes", 0) <= LONGEST:
        yield f"{where}: it has no timeout"
    if "env" in job and any("secrets." in text for text in texts(job["env"])):
        yield f"{where}: every step is told a secret"
    for number, step in enumerate(job["steps"], 1):
        yield from check_step(f"{where}, step {number}", step, directory)


def read(path):
    with open(path, encoding="utf-8") as file:
        return yaml.safe_load(file)


def check(path):
    try:
        workflow = read(path)
    except yaml.YAMLError as error:
        yield f"it is no YAML: {error.problem}"
        return
    if workflow.get("permissions") != {}:
        yield "its jobs have permissions that they do not name"
    if "concurrency" not in workflow:
        yield "it does not say which runs exclude each other"
    if "pull_request_target" in workflow["on"]:
        yield "it gives rights to changes from elsewhere"
    for name, job in workflow["jobs"].items():
        yield from check_job(name, job, os.path.dirname(path))
    for text in texts(workflow):
        for image in IMAGE.findall(text):
            if not DIGEST.search(image):
                yield f"{image} is not named by its digest"


def write_scripts(directory, path):
    for name, job in read(path)["jobs"].items():
        for number, step in enumerate(job.get("steps", []), 1):
            if "run" in step:
                with open(f"{directory}/{name}.{number}.sh", "w", encoding="utf-8") as script:
                    script.write("#!/bin/bash\n" + step["run"])


if sys.argv[1] == "--scripts":
    write_scripts(*sys.argv[2:])
else:
    for each in sys.argv[1:]:
        for fault in check(each):
            print(f"{each}: {fault}")
