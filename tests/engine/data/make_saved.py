# pyright: basic, reportMissingImports=false, reportIncompatibleMethodOverride=false
"""Make the models in ``saved``: ``python -m tests.engine.data.make_saved`` from the project's root.

Needs torch, transformers, onnx and onnxscript, which the project itself does not. The models are
tiny, with random weights, written as people save theirs: safetensors, and both exporters to ONNX; ``vectors.json`` holds what
transformers makes of ``TEXTS`` with them.
"""

import json
import shutil
from pathlib import Path

import onnx
import torch
from tests.engine.models import TEXTS, WORDS, write_tokenizer
from tokenizers import Tokenizer
from transformers import (
    BertConfig,
    BertModel,
    MPNetConfig,
    MPNetModel,
    XLMRobertaConfig,
    XLMRobertaModel,
)

HERE = Path(__file__).parent / "saved"
SIZE = {
    "vocab_size": len(WORDS) + 4,
    "hidden_size": 24,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
    "intermediate_size": 48,
    "max_position_embeddings": 40,
    "initializer_range": 0.4,
}


class Tokens(torch.nn.Module):
    """Gives token vectors, as a plain export does."""

    def __init__(self, model):
        super().__init__()
        self.model = model

    def forward(self, input_ids, attention_mask):
        return self.model(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state


class Typed(Tokens):
    """The same for a model that asks for the kind of each token."""

    def forward(self, input_ids, attention_mask, token_type_ids):
        return self.model(
            input_ids=input_ids, attention_mask=attention_mask, token_type_ids=token_type_ids
        ).last_hidden_state


class Sentences(Tokens):
    """Gives token vectors and one vector per text beside them."""

    def forward(self, input_ids, attention_mask):
        rows = super().forward(input_ids, attention_mask)
        return rows, pooled(rows, attention_mask)


def pooled(rows, mask):
    kept = mask.unsqueeze(-1).float()
    return torch.nn.functional.normalize((rows * kept).sum(1) / kept.sum(1), dim=1)


def _without_traces(target):
    """Take out of the file where each node was made: lines of code, and paths of this machine."""
    made = onnx.load(target, load_external_data=False)
    graph = made.graph
    for part in (*graph.node, *graph.value_info, *graph.input, *graph.output, *graph.initializer):
        del part.metadata_props[:]
    onnx.save_model(made, target)


def export(name, model, wrapped, inputs, outputs, *, newer):
    folder = HERE / name
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "onnx").mkdir(parents=True)
    model.save_pretrained(folder)
    write_tokenizer(folder / "tokenizer.json")
    ids = torch.tensor([[0, 4, 5, 2], [0, 6, 2, 1]])
    mask = torch.tensor([[1, 1, 1, 1], [1, 1, 1, 0]])
    given = (ids, mask, torch.zeros_like(ids))[: len(inputs)]
    target = folder / "onnx" / "model.onnx"
    if newer:  # the weights lie beside the graph
        dims = {0: torch.export.Dim("texts"), 1: torch.export.Dim("tokens")}
        program = torch.onnx.export(
            wrapped, given, input_names=inputs, output_names=outputs, dynamo=True,
            dynamic_shapes=tuple(dims for _ in inputs),
        )  # fmt: skip
        program.save(str(target), external_data=True)
        _without_traces(target)
    else:
        axes = {name: {0: "texts", 1: "tokens"} for name in (*inputs, *outputs)}
        axes["sentence_embedding"] = {0: "texts"}
        torch.onnx.export(
            wrapped, given, str(target), input_names=inputs, output_names=outputs, dynamo=False,
            dynamic_axes={key: axes[key] for key in (*inputs, *outputs)}, opset_version=17,
        )  # fmt: skip
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    vectors = []
    for text in TEXTS:
        ids = torch.tensor([tokenizer.encode(text).ids])
        mask = torch.ones_like(ids)
        with torch.no_grad():
            rows = model(input_ids=ids, attention_mask=mask).last_hidden_state
            vectors.append([round(value, 5) for value in pooled(rows, mask)[0].tolist()])
    (folder / "vectors.json").write_text(json.dumps(vectors), encoding="utf-8")


def main():
    torch.manual_seed(1)
    two, three = ["input_ids", "attention_mask"], ["input_ids", "attention_mask", "token_type_ids"]
    bert = BertModel(BertConfig(**SIZE, pad_token_id=1), add_pooling_layer=False).eval()
    export("bert-tokens", bert, Typed(bert).eval(), three, ["last_hidden_state"], newer=False)
    roberta = XLMRobertaModel(
        XLMRobertaConfig(**SIZE, pad_token_id=1, type_vocab_size=1), add_pooling_layer=False
    ).eval()
    export(
        "xlm-roberta-beside",
        roberta,
        Tokens(roberta).eval(),
        two,
        ["last_hidden_state"],
        newer=True,
    )
    mpnet = MPNetModel(MPNetConfig(**SIZE, pad_token_id=1), add_pooling_layer=False).eval()
    outputs = ["token_embeddings", "sentence_embedding"]
    export("mpnet-sentences", mpnet, Sentences(mpnet).eval(), two, outputs, newer=False)


if __name__ == "__main__":
    main()
