#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""check-manifest.py MANIFEST: the Flatpak manifest is JSON, is ours, and pins whatever it downloads."""

import json
import re
import sys

with open(sys.argv[1], encoding="utf-8") as file:
    manifest = json.load(file)

assert manifest["id"] == "com.broxiva.Tidemark", manifest["id"]
assert manifest["command"] == "tidemark"
assert manifest["runtime"] == "org.gnome.Platform"
assert int(manifest["runtime-version"]) >= 47

for module in manifest["modules"]:
    for source in module["sources"]:
        if source["type"] == "archive":
            assert source["url"].startswith("https://"), source["url"]
            assert re.fullmatch("[0-9a-f]{64}", source["sha256"]), (module["name"], source["sha256"])
        elif source["type"] == "git":
            assert source["tag"] and re.fullmatch("[0-9a-f]{40}", source["commit"]), source
        else:
            assert source["type"] == "dir", source
print(f"{len(manifest['modules'])} modules")
