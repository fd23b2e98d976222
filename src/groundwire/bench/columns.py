"""The columns of the tables: the name of a figure, and its heading."""

ANSWERS = {
    "n": "n",
    "balanced_accuracy": "balanced\naccuracy",
    "auc": "AUC",
    "calibration_error": "calibr.\nerror",
    "best_balanced_accuracy": "at best\nthresh.",
    "clean_flagged": "clean\nflagged",
    "faulty_flagged": "faulty\nflagged",
    "coverage": "cover-\nage",
    "claims": "claims",
    "entailment_pairs": "entail.\npairs",
    "ms": "ms",
    "overlap_auc": "overlap\nAUC",
    "overlap_best_balanced_accuracy": "overlap\nat best",
}
PAIRS = {
    "n": "n",
    "accuracy": "accuracy",
    "calibration_error": "calibr.\nerror",
    "pairs_per_second": "pairs/s",
}
GROWTH = {
    "claims": "claims",
    "ms": "ms",
    "cpu_ms": "ms of\nprocessor time",
    "times_the_words": "times\nthe words",
    "times_the_ms": "times\nthe ms",
}
CLAIMS = {
    "n": "n",
    "total": "claims",
    "per_sentence": "a sen-\ntence",
    "word_recall": "words:\nrecall",
    "word_precision": "preci-\nsion",
    "word_f1": "F1",
    "entailment_recall": "entail.:\nrecall",
    "entailment_precision": "preci-\nsion",
    "entailment_f1": "F1",
    "self_contained": "self-con-\ntained",
    "coverage": "cover-\nage",
    "passed_over": "passed\nover",
    "ms": "ms/100\nwords",
    "cpu_ms": "of pro-\ncessor",
}
GRAPHS = {
    "n": "n",
    "swapped_flagged": "swapped\nflagged",
    "true_flagged": "true\nflagged",
    "balanced_accuracy": "balanced\naccuracy",
    "restored": "restored to\nthe letter",
    "changed_elsewhere": "changed\nelsewhere",
    "true_changed": "true\nchanged",
    "swapped_unchecked": "swapped\nunchecked",
    "true_unchecked": "true\nunchecked",
    "claims_linked": "claims\nlinked",
    "ms_per_claim": "ms per\nclaim",
}
