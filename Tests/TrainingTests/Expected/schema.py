#!/usr/bin/env python3
"""Checks the JSON Schema of configurations with Python's package jsonschema.

usage: schema.py SCHEMA CONFIGS

The schema has to be sound, every configuration in the folder CONFIGS has to fit it, and each case of schema_cases.json,
a change of digits.json, has to fit it or not, as the case says.
"""

import copy
import json
import pathlib
import re
import sys

from jsonschema import Draft202012Validator


def change(document, key, *value):
    """Sets the value at a path like network.layers[0].units, or removes the key if there is none."""
    steps = [int(s[1:-1]) if s[0] == "[" else s for s in re.findall(r"\[\d+\]|[^.\[]+", key)]
    for step in steps[:-1]:
        document = document[step] if isinstance(step, int) else document.setdefault(step, {})
    if value:
        document[steps[-1]] = value[0]
    else:
        del document[steps[-1]]


def main():
    schema = json.loads(pathlib.Path(sys.argv[1]).read_text())
    Draft202012Validator.check_schema(schema)
    validator = Draft202012Validator(schema)
    problems = []
    files = sorted(pathlib.Path(sys.argv[2]).glob("*.json"))
    for file in files:
        problems += [f"{file}: {error.json_path}: {error.message}" for error in validator.iter_errors(json.loads(file.read_text()))]
    base = json.loads((pathlib.Path(sys.argv[2]) / "digits.json").read_text())
    cases = json.loads((pathlib.Path(__file__).parent / "schema_cases.json").read_text())
    for case in cases:
        document = copy.deepcopy(base)
        change(document, case["key"], *([case["value"]] if "value" in case else []))
        # What the schema cannot know, the program alone refuses.
        if validator.is_valid(document) != case.get("schema", case["valid"]):
            problems.append(f"{case}: the schema says otherwise")
    print("\n".join(problems) or f"{len(files)} configurations and {len(cases)} cases are as they should be")
    return 1 if problems or len(files) < 10 or len(cases) < 50 else 0


sys.exit(main())
