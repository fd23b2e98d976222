// Asks a gateway in every way that OpenAI's client for JavaScript has, and prints what came of it as one line of JSON.
// node javascript.mjs URL FOLDER, where FOLDER/node_modules holds the client.
import { createRequire } from "node:module";
import { join } from "node:path";

const [url, folder] = process.argv.slice(2);
const { OpenAI } = createRequire(join(folder, "ours.js"))("openai");
const client = new OpenAI({ baseURL: `${url}/v1`, apiKey: "k", maxRetries: 0 });
const asked = { model: "scripted", messages: [{ role: "user", content: "What is the capital of Australia?" }] };
const found = {};

const whole = await client.chat.completions.create(asked);
found.chat = whole.choices[0].message.content;
found.verdict = whole.groundwire.verdict;

let text = "";
let last = null;
for await (const chunk of await client.chat.completions.create({ ...asked, stream: true })) {
  text += chunk.choices[0]?.delta?.content ?? "";
  last = chunk.groundwire ?? last;
}
found.chat_stream = text;
found.verdict_stream = last.verdict;

const runner = client.chat.completions.stream(asked);
found.helper = (await runner.finalChatCompletion()).choices[0].message.content;

found.responses = (await client.responses.create({ model: "scripted", input: asked.messages })).output_text;
text = "";
for await (const event of await client.responses.create({ model: "scripted", input: asked.messages, stream: true })) {
  if (event.type === "response.output_text.delta") text += event.delta;
}
found.responses_stream = text;

found.completions = (await client.completions.create({ model: "scripted", prompt: "Which?" })).choices[0].text;
found.models = (await client.models.list()).data.length > 0;

try {
  await client.chat.completions.create({ ...asked, n: "many" });
} catch (error) {
  found.error = [error.status, error.constructor.name, typeof error.message];
}
console.log(JSON.stringify(found));
