"""The model card: what is known of an exported model, written from its files and its figures."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from groundwire.nli.training.evaluate import as_text as plain_table
from groundwire.nli.training.fitting import FALSE_POSITIVES

LICENCES = {
    "nli_new_protocols": "CC BY-SA 3.0",
    "mnli_subset": "OANC, C-UDA 1.0",
    "infotabs": "Apache-2.0",
    "cad_nli": "Apache-2.0",
    "fever_nli": "CC BY-SA 3.0",
    "snli_natinst": "CC BY-SA 4.0",
    "snli": "CC BY-SA 4.0",
    "conjnli": "MIT",
    "begin": "CC BY 4.0",
    "begin_wow": "CC BY 4.0",
    "q2_wow": "Apache-2.0",
    "faithdial_audit": "MIT",
    "halueval_qa_1k": "MIT",
    "wice_claim_chunks": "ODC-BY, CC BY-SA",
    "summedits": "Apache-2.0",
    "propsegment_ent": "CC BY-SA 3.0",
    "written": "Apache-2.0",
}
"""Of the corpora, as their publishers state them. All `curriculum_*` are MIT; `written` is Groundwire's own."""

_TOLD = (
    "a third head says of each token of the claim whether the passage says it; the last layer's head sees the highest"
)

_HEAD = """\
# {name}

The entailment model inside Groundwire: does a passage say what a claim says? For a passage and a claim it gives the
probabilities of entailment, neutral and contradiction.

| | |
|---|---|
| content hash (settings, weights, tokenizer) | `{sha256}` |
| start | ms-marco-MiniLM-L-12-v2, a cross-encoder of 12 layers of 384, 33 M parameters, Apache-2.0 (`{encoder}`) |
| size | {megabytes:.1f} MB, int8, tokenizer included |
| reads | English; {max_length} tokens at once, longer passages in overlapping windows, claims of up to {half} tokens |
| trained on | {pairs:,} pairs, {steps:,} steps, {minutes:.0f} minutes on two CPU cores that others used too{stages} |
| temperature, bias | {temperature}, {bias} |
| words in doubt | {doubts} |
| early head | after layer {layer}; sure at an entailment of {low} or less and of {high} or more |
| thresholds | supported from {supported}, contradicted from {contradicted} |

## Data

Trained on these, and on nothing else but the statements in `training/frames.toml`. These, and the documents and claims
of the corpus `written` (`training/written/`), were written for it by a large language model. A pass of 0.5 means that
half of the corpus was planned to be seen once, in the last run; when it stopped, {share:.0%} of the plan had been.

| corpus | licence | passes planned |
|---|---|---|
{corpora}

{made:.0%} of the pairs are made: claims against documents of 1 to 8 sentences, from the premises of the corpora. A
sentence is kept, shortened or rephrased (supported); one number, date, name, role, negation, quantifier or opposite is
swapped (contradicted); its sentence is taken away, a detail is added, or a hedge is dropped (not supported). People's
hypotheses are put against their premises among other sentences. Claims that copy their document but for one swap are
about as frequent as claims that copy it faithfully, so that copying proves nothing. Statements of shops, clinics, banks
and courts are filled with names and numbers; what one document denies, another one says. Where it is known which words
of a made claim are wrong, they are learned too.

{held:.1%} of the premises of every corpus were never trained on; calibration and combiner are fitted on them.{history}

## Method

Cross-encoder; a head sees the first token and the mean and maximum over the claim's tokens. Labels that only say
supported or not train entailment against the sum of the other two. A second head looks at the states after layer
{layer} (its loss weighs {early_weight}); pairs that it is sure of end there. AdamW, peak rate {rate}, warm-up and
cosine to zero over the time budget, bfloat16, frozen word embeddings, no dropout, averaged weights. The recipes are
`training/builtin.toml` and, of the runs after the first, `training/builtin-2.toml` and so on, the log `training.log`;
`groundwire nli train --data DIR --out DIR` and then `groundwire nli export --checkpoint DIR/checkpoint.pt --data DIR
--dev DIR --out DIR` make another. A budget of time makes the run repeatable in kind, not to the bit.

Exported node by node to ONNX with int8 weights (a scale for each output) and int8 activations (a scale for each token).
So a pair's numbers do not depend on the batch beyond the rounding of float32.

## The combiner

What the model says of a claim is weighed with what claim and passages share: the share of the claim's content words in
the best passage (`words`) and in all (`words_anywhere`), of its word pairs (`phrases`), names and numbers, and its
size. A logistic regression on held-out documents of the training corpora, every corpus and label weighing alike;
weights of what speaks for a claim are kept from falling below 0, so that more passages never lower its support. All are
scaled at last so that on {threshold_rows} answers of each `dev` set the support of an answer's weakest claim is a
probability (Platt scaling: two numbers).
`entailment` and `contradiction` are log-odds of the highest of any passage.

{combiner}

## Figures

By `groundwire bench verification --data DIR`, on {machine}: answers go the whole way through Groundwire, with the
value judge, under the default rules; pairs go to the model alone. The `dev` sets were not trained on. The threshold was
chosen on {threshold_rows} answers of each set, of which some are among those measured: the highest that flags at most
{false_positives:.0%} of the right ones by entailment alone, mean over the sets. `overlap_auc` is plain word overlap
with the context.

{answers}

{pair_sets}

{extra}

## Good at, bad at

Good at: short factual claims against encyclopaedic passages, claims of long-form answers against their sources and
pages, claims that need two neighbouring passages; changed names, numbers and dates in a familiar sentence ("The capital
of Australia is Sydney" against "Canberra is the capital city of Australia"); negations and opposites in the statements
of an office ("Shipping costs are refunded" against "Shipping costs are not refunded"); which words are wrong; claims
about something that no passage mentions.

Bad at: adversarial inference (ANLI and FoolMeTwice are at chance), one small edit in a long fluent summary,
arithmetic and units in words ("within a week" against "within 5 to 7 business days"), biomedical claims, conditions
that stand in a heading, claims that need three passages, and languages other than English. Other judges are there for
some of that: values are compared by rule, opposites by a lexicon, facts by the graph.

It judges what a passage says, not what is true.
"""


def write_card(
    folder: Path, run: Mapping[str, Any], figures: Mapping[str, Any], *, extra: str = "", history: str = ""
) -> Path:
    """Write `MODEL_CARD.md` beside the model.

    `run` is the config of the training run, `figures` what `groundwire bench verification --json` printed. `extra` is
    Markdown: figures that were measured by other means; `history` what was not as the recipe says.
    """
    config = json.loads((folder / "config.json").read_text("utf-8"))
    log = [json.loads(line) for line in (folder / "training.log").read_text("utf-8").splitlines()]
    mixture, network = run["mixture"], run["network"]
    files = [path for name in ("model.onnx", "rest.onnx", "tokenizer.json") if (path := folder / name).exists()]
    own = {"pairs": config["trained_pairs"], "steps": config["trained_steps"]}
    first = max((number for number, line in enumerate(log) if line["event"] == "stage"), default=0)
    own["minutes"] = round(max(line.get("elapsed_s", 0) for line in log[first:]) / 60)
    stages = [*config.get("trained_before", ()), own]
    low, high = config["early"]["sure"] if "early" in config else (None, None)
    text = _HEAD.format(
        name=config["name"],
        sha256=config["sha256"],
        encoder=config["started_from"],
        megabytes=sum(path.stat().st_size for path in files) / 1e6,
        max_length=config["max_length"],
        half=config["max_length"] // 2,
        pairs=sum(stage["pairs"] for stage in stages),
        steps=sum(stage["steps"] for stage in stages),
        minutes=sum(stage["minutes"] for stage in stages),
        stages=f" ({'; '.join(map(_stage, stages))})" if len(stages) > 1 else "",
        doubts=_TOLD if config.get("doubts") else "not told",
        share=min(1.0, config["trained_pairs"] / config["planned_pairs"]),
        corpora="\n".join(
            f"| {name} | {LICENCES.get(name.split('/')[0], 'MIT')} | {passes:g} |"
            for name, passes in mixture["passes"].items()
        ),
        made=config["made_pairs"] / config["planned_pairs"],
        held=mixture["held_out"],
        history=f" {history}" if history else "",
        layer=network["early"],
        early_weight=network["early_weight"],
        low=low,
        high=high,
        rate=run["schedule"]["learning_rate"],
        combiner=plain_table([config["combiner"]]),
        machine=figures["machine"]["processor"],
        threshold_rows=run["fit"]["answers"],
        false_positives=FALSE_POSITIVES,
        answers=_figures(figures, "answers"),
        pair_sets=_figures(figures, "pairs"),
        extra=extra,
        **{key: config["calibration"][key] for key in ("temperature", "bias")},
        **config["thresholds"],
    )
    path = folder / "MODEL_CARD.md"
    path.write_text(text, "utf-8")
    return path


def _stage(stage: Mapping[str, Any]) -> str:
    return f"{stage['pairs']:,} pairs in {stage['minutes']} minutes"


def _figures(figures: Mapping[str, Any], kind: str) -> str:
    """A Markdown table of one kind of set, their mean, and where it was measured all of them as one set."""
    rows = {**figures[kind], "mean": figures[f"{kind}_mean"]}
    if together := figures.get(f"{kind}_together"):
        rows["together"] = together
    return plain_table(
        [{"set": name, **{key: _shown(value) for key, value in row.items()}} for name, row in rows.items()]
    )


def _shown(value: float | None) -> str:
    if value is None:
        return "-"
    return f"{value:,.0f}" if value >= 100 or value == int(value) else f"{value:.3f}" if value < 2 else f"{value:.1f}"
