"""The network: a BERT encoder and a head that looks at the whole pair and at the hypothesis.

Torch is imported by whoever calls `build`, not by importing this module.
"""

# torch, transformers and onnx are an extra: types are checked with and without them.
# mypy: disable-error-code="import-not-found,misc"

from __future__ import annotations

from pathlib import Path
from typing import Any


def build(encoder_dir: Path | str, *, dropout: float = 0.0) -> Any:
    """Return a `torch.nn.Module` with `forward(input_ids, attention_mask, token_type_ids) -> (n, 3)` logits.

    The head sees the first token, and the mean and the maximum over the hypothesis's tokens: one word of a claim
    without support decides, and the maximum is where a single word can be heard.
    """
    import torch
    from torch import nn
    from transformers import BertModel

    class EntailmentNetwork(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            # "eager" attention: on a CPU torch's fused attention is 1.3 times slower to train.
            self.encoder = BertModel.from_pretrained(
                encoder_dir,
                attn_implementation="eager",
                hidden_dropout_prob=dropout,
                attention_probs_dropout_prob=dropout,
                add_pooling_layer=False,
            )
            width = self.encoder.config.hidden_size
            self.dense = nn.Linear(3 * width, width)
            self.out = nn.Linear(width, 3)
            nn.init.normal_(self.dense.weight, std=0.02)
            nn.init.normal_(self.out.weight, std=0.02)
            nn.init.zeros_(self.dense.bias)
            nn.init.zeros_(self.out.bias)

        def forward(
            self, input_ids: torch.Tensor, attention_mask: torch.Tensor, token_type_ids: torch.Tensor
        ) -> torch.Tensor:
            states = self.encoder(
                input_ids=input_ids, attention_mask=attention_mask, token_type_ids=token_type_ids
            ).last_hidden_state
            words = (token_type_ids * attention_mask).unsqueeze(-1).to(states.dtype)
            mean = (states * words).sum(1) / words.sum(1).clamp(min=1)
            peak = (states + (words - 1) * 1e4).amax(1)
            seen = torch.cat([states[:, 0], mean, peak], dim=-1)
            logits: torch.Tensor = self.out(torch.tanh(self.dense(seen)))
            return logits

    return EntailmentNetwork()
