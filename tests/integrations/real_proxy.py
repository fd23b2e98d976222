"""A real LiteLLM Proxy process with the guardrail inside, and one that asks over HTTP: `python real_proxy.py PYTHON`.

PYTHON is an interpreter that has `litellm[proxy]`, whose dependencies do not agree with ours. Prints what each way of
asking got, and ends with 1 where a client saw what was to be held back.
"""

import json
import os
import secrets
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import anthropic
import httpx
import openai
from tests.gateway.scripted_world import REPAIRED, RIGHT, WRONG, world

from groundwire.gateway import FailingUpstream, ScriptedUpstream, create_app, running

KEY = f"sk-{secrets.token_hex(32)}"
ASKED: Any = [{"role": "user", "content": "What is the capital of Australia?"}]
PLUGIN = """\
from pathlib import Path
from groundwire.integrations.litellm import GroundwireGuardrail
from tests.gateway.scripted_world import world

class Guarded(GroundwireGuardrail):
    def __init__(self, **settings):
        super().__init__(groundwire=world(Path(__file__).parent, "rewrite"), **settings)
"""


def configuration(provider: str, gateway: str) -> dict[str, Any]:
    params = {"model": "openai/scripted", "api_base": provider, "api_key": "k"}
    over_http = {
        "guardrail": "generic_guardrail_api", "mode": ["pre_call", "post_call"], "api_base": gateway,
        "streaming_transform_mode": "incremental_diff",
    }  # fmt: skip
    inside = {"guardrail": "plugin.Guarded", "mode": ["pre_call", "post_call"]}
    return {
        "model_list": [{"model_name": "scripted", "litellm_params": params}],
        "guardrails": [
            {"guardrail_name": "inside", "litellm_params": inside},
            {"guardrail_name": "over-http", "litellm_params": over_http},
        ],
    }


def main() -> None:
    python, top = sys.argv[1], Path(__file__).resolve().parents[2]
    with (
        tempfile.TemporaryDirectory() as folder,
        tempfile.TemporaryDirectory() as plain_folder,
        # A gateway that checks nothing speaks every format: a provider for a proxy that asks for any of them.
        running(create_app(world(Path(plain_folder), mode="off"), ScriptedUpstream(f"{RIGHT} {WRONG}"))) as provider,
        running(create_app(world(Path(folder), "rewrite"), FailingUpstream())) as gateway,
    ):
        (Path(folder) / "plugin.py").write_text(PLUGIN)
        (Path(folder) / "config.yaml").write_text(json.dumps(configuration(f"{provider}/v1", gateway)))  # JSON is YAML
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        command = [python, "-m", "litellm.proxy.proxy_cli", "--config", f"{folder}/config.yaml", "--port", str(port)]
        path = os.pathsep.join([str(top / "src"), str(top), *(entry for entry in sys.path if "site-packages" in entry)])
        log = open(f"{folder}/log", "w")  # noqa: SIM115 - kept open by the process
        plain = {"LITELLM_LOCAL_MODEL_COST_MAP": "True", "GROUNDWIRE_LATE_PATH": path, "LITELLM_MASTER_KEY": KEY}
        process = subprocess.Popen(
            [command[0], "-c", _LATE, *command[2:]], cwd=folder, stdout=log, stderr=log, env=os.environ | plain
        )
        try:
            url = f"http://127.0.0.1:{port}"
            _until_ready(url, process, f"{folder}/log")
            found = {name: _ask(url, name) for name in ("inside", "over-http")}
        finally:
            process.terminate()
            process.wait()
    print(json.dumps(found, indent=2, ensure_ascii=False))
    sys.exit(any("Sydney" in text for texts in found["inside"].values() for text in [texts]))


# The proxy's own packages first, ours after them: where both have one, the proxy's is used.
_LATE = """
import os, runpy, sys
sys.path += os.environ["GROUNDWIRE_LATE_PATH"].split(os.pathsep)
sys.argv = sys.argv[0:]
runpy.run_module(sys.argv.pop(1), run_name="__main__", alter_sys=True)
"""


def _until_ready(url: str, process: "subprocess.Popen[bytes]", log: str) -> None:
    for _ in range(600):
        if process.poll() is not None:
            raise SystemExit(Path(log).read_text()[-3000:])
        try:
            if httpx.get(f"{url}/health/liveliness").status_code == 200:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.2)
    raise SystemExit(Path(log).read_text()[-3000:])


def _ask(url: str, guardrail: str) -> dict[str, str]:
    """What each kind of client got."""
    extra: Any = {"extra_body": {"guardrails": [guardrail]}}
    told: dict[str, str] = {}
    with openai.OpenAI(base_url=f"{url}/v1", api_key=KEY, max_retries=0) as client:
        told["chat"] = _or_error(
            lambda: client.chat.completions.create(model="scripted", messages=ASKED, **extra).choices[0].message.content
        )
        told["chat stream"] = _or_error(
            lambda: "".join(
                chunk.choices[0].delta.content or ""
                for chunk in client.chat.completions.create(model="scripted", messages=ASKED, stream=True, **extra)
                if chunk.choices
            )
        )
        told["responses"] = _or_error(
            lambda: client.responses.create(model="scripted", input=ASKED[0]["content"], **extra).output_text
        )
    with anthropic.Anthropic(base_url=url, api_key=KEY, max_retries=0) as claude:
        message: Any = {"model": "scripted", "max_tokens": 99, "messages": ASKED, **extra}
        told["messages"] = _or_error(lambda: claude.messages.create(**message).content[0].text)
        told["messages stream"] = _or_error(
            lambda: "".join(
                event.delta.text
                for event in claude.messages.create(stream=True, **message)
                if event.type == "content_block_delta"
            )
        )
    expected = f"{RIGHT} {REPAIRED}"
    return {name: "as it should be" if text == expected else text for name, text in told.items()}


def _or_error(ask: Any) -> str:
    try:
        return str(ask())
    except Exception as error:  # noqa: BLE001 - what the client raised is what is shown
        return f"{type(error).__name__}: {error}"[:400]


if __name__ == "__main__":
    main()
