# Checks a notebook that Jupyter has run: read-notebook.py FILE
import json
import sys

cells = [c for c in json.load(open(sys.argv[1]))["cells"] if c["cell_type"] == "code"]
outputs = [{k for o in c["outputs"] for k in [o["output_type"], *o.get("data", {})]} for c in cells]
expected = [
    {"execute_result", "text/plain", "text/html"},
    {"stream"},
    {"execute_result", "text/plain", "image/png"},
    {"error"},
    {"error"},
    {"execute_result", "text/plain"},
]
assert outputs == expected, outputs
assert "".join(cells[1]["outputs"][0]["text"]) == "30.0\n", cells[1]["outputs"]
assert "In[4]:1:" in "\n".join(cells[3]["outputs"][0]["traceback"])
assert "Index out of range" in cells[4]["outputs"][0]["evalue"]
assert cells[5]["outputs"][0]["data"]["text/plain"] == ["2"] or (
    cells[5]["outputs"][0]["data"]["text/plain"] == "2")
print(f"{len(cells)} cells ran as they should")
