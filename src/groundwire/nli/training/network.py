"""The network: a BERT encoder, a head that looks at the whole pair and at the hypothesis, and one on the way.

Torch is imported by whoever calls `build`, not by importing this module.
"""

# torch, transformers and onnx are an extra: types are checked with and without them.
# mypy: disable-error-code="import-not-found,misc"

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from numpy.typing import NDArray


def build(
    weights: Mapping[str, NDArray[Any]], *, heads: int, early: int = 0, doubt: bool = False, dropout: float = 0.0
) -> Any:
    """Return a `torch.nn.Module` with `forward(input_ids, attention_mask, token_type_ids)`.

    `weights` are those of a BERT encoder, and of the heads where it was trained before; its shape follows from them.
    `heads` is the number of its attention heads.
    It returns logits (n, 3), and where `early` names a layer, a second tensor of logits (n, 3) that a head of its own
    gives after that layer, for pairs that need no more than these layers. With `doubt`, a last tensor (n, length) is
    the log-odds that the premise does not say this token of the hypothesis; the last head sees the highest of them.

    A head sees the first token, and the mean and the maximum over the hypothesis's tokens: one word of a claim
    without support decides, and the maximum is where a single word can be heard.
    """
    import torch
    from torch import nn
    from transformers import BertModel

    head_of, doubt_of = _modules()

    class EntailmentNetwork(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.encoder = BertModel(_shape(weights, heads, dropout), add_pooling_layer=False)
            # On a CPU torch's fused attention is slower to train.
            self.encoder.set_attn_implementation("eager")
            known = {name: torch.tensor(value) for name, value in weights.items()}
            lacking = self.encoder.load_state_dict(known, strict=False).missing_keys
            if lacking:
                raise ValueError(f"the encoder lacks {', '.join(lacking[:3])}")
            width = self.encoder.config.hidden_size
            self.head = head_of(width)
            if early:
                self.early = head_of(width)
            if doubt:
                self.doubt = doubt_of(width)
            heads_known = {n: value for n, value in known.items() if n.startswith(("head.", "early.", "doubt."))}
            self.load_state_dict(heads_known, strict=False)

        def forward(
            self, input_ids: torch.Tensor, attention_mask: torch.Tensor, token_type_ids: torch.Tensor
        ) -> tuple[torch.Tensor, ...]:
            found = self.encoder(
                input_ids=input_ids,
                attention_mask=attention_mask,
                token_type_ids=token_type_ids,
                output_hidden_states=bool(early),
            )
            words = (token_type_ids * attention_mask).unsqueeze(-1).to(found.last_hidden_state.dtype)
            given = [self.head(found.last_hidden_state, words)]
            if early:
                given.append(self.early(found.hidden_states[early], words))
            if doubt:
                lift, doubts = self.doubt(found.last_hidden_state, words)
                given[0] = given[0] + lift
                given.append(doubts)
            return tuple(given)

    return EntailmentNetwork()


def _modules() -> tuple[Any, Any]:
    """The class of the heads, and that of what doubts single words."""
    import torch
    from torch import nn

    class Head(nn.Module):
        def __init__(self, width: int) -> None:
            super().__init__()
            self.dense = nn.Linear(3 * width, width)
            self.out = nn.Linear(width, 3)
            nn.init.normal_(self.dense.weight, std=0.02)
            nn.init.normal_(self.out.weight, std=0.02)
            nn.init.zeros_(self.dense.bias)
            nn.init.zeros_(self.out.bias)

        def forward(self, states: torch.Tensor, words: torch.Tensor) -> torch.Tensor:
            """Logits (n, 3) for states (n, length, width); `words` (n, length, 1) is 1 at the hypothesis."""
            mean = (states * words).sum(1) / words.sum(1).clamp(min=1)
            peak = (states + (words - 1) * 1e4).amax(1)
            logits: torch.Tensor = self.out(torch.tanh(self.dense(torch.cat([states[:, 0], mean, peak], dim=-1))))
            return logits

    class Doubt(nn.Module):
        """How much each token is doubted, and what the highest doubt adds to the logits."""

        def __init__(self, width: int) -> None:
            super().__init__()
            self.word = nn.Linear(width, 1)
            self.lift = nn.Linear(1, 3)
            for part in (self.word, self.lift):
                nn.init.zeros_(part.weight)
                nn.init.zeros_(part.bias)

        def forward(self, states: torch.Tensor, words: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
            doubts = self.word(states)
            highest = torch.sigmoid((doubts + (words - 1) * 1e4).amax(1))
            return self.lift(highest), doubts[..., 0]

    return Head, Doubt


def _shape(weights: Mapping[str, NDArray[Any]], heads: int, dropout: float) -> Any:
    from transformers import BertConfig

    vocabulary, width = weights["embeddings.word_embeddings.weight"].shape
    return BertConfig(
        vocab_size=vocabulary,
        hidden_size=width,
        num_hidden_layers=layer_count(weights),
        num_attention_heads=heads,
        intermediate_size=weights["encoder.layer.0.intermediate.dense.weight"].shape[0],
        max_position_embeddings=weights["embeddings.position_embeddings.weight"].shape[0],
        hidden_dropout_prob=dropout,
        attention_probs_dropout_prob=dropout,
    )


def layer_count(weights: Mapping[str, Any], prefix: str = "") -> int:
    """The number of layers among a BERT's weights."""
    start = f"{prefix}encoder.layer."
    return 1 + max(int(name.removeprefix(start).split(".")[0]) for name in weights if name.startswith(start))
