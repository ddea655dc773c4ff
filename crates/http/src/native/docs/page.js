"use strict";
// Draws the OpenAPI document. Everything is set as text, never as markup.

const METHODS = ["get", "post", "put", "patch", "delete"];
const CHOICES_SHOWN_MAX = 10;

function element(tag, options = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(options)) {
    if (name === "class") node.className = value;
    else if (name === "on") for (const [event, listener] of Object.entries(value)) node.addEventListener(event, listener);
    else node.setAttribute(name, value);
  }
  node.append(...children.filter((child) => child !== null && child !== undefined && child !== ""));
  return node;
}

// Words with `code` in backquotes.
function words(text) {
  return text.split("`").map((part, place) => (place % 2 ? element("code", {}, part) : part));
}

// Paragraphs and tables, which is all the Markdown that the document uses.
function prose(text) {
  return text.split(/\n\n+/).filter((block) => block.trim()).map((block) => {
    const lines = block.trim().split("\n");
    if (!lines[0].startsWith("|")) return element("p", {}, ...words(lines.join(" ")));
    const rows = lines.filter((line) => !/^[|\s-]+$/.test(line))
      .map((line) => line.split("|").slice(1, -1).map((cell) => cell.trim()));
    return element("table", {}, ...rows.map((cells, row) =>
      element("tr", {}, ...cells.map((cell) => element(row ? "td" : "th", {}, ...words(cell))))));
  });
}

class Reference {
  constructor(api) {
    this.api = api;
  }

  resolve(schema) {
    let found = schema;
    for (let steps = 0; found && found.$ref && steps < 8; steps += 1) {
      found = found.$ref.split("/").slice(1).reduce((at, key) => at && at[key.replace(/~1/g, "/")], this.api);
    }
    return found || {};
  }

  // A schema without its `null` alternative.
  present(schema) {
    const choices = (schema.oneOf || schema.anyOf || []).filter((choice) => choice.type !== "null");
    return choices.length === 1 ? choices[0] : schema;
  }

  typeName(schema) {
    const shown = this.present(schema);
    if (shown.$ref) {
      const name = shown.$ref.split("/").pop();
      const choices = this.resolve(shown).enum || [];
      return choices.length && choices.length <= CHOICES_SHOWN_MAX ? `${name}: ${choices.join(" | ")}` : name;
    }
    if (shown.allOf && shown.allOf.length === 1) return this.typeName(shown.allOf[0]);
    if (shown.oneOf || shown.anyOf) return (shown.oneOf || shown.anyOf).map((choice) => this.typeName(choice)).join(" | ");
    if (shown.enum) return shown.enum.map((word) => JSON.stringify(word)).join(" | ");
    const types = [].concat(shown.type || "any").filter((type) => type !== "null");
    if (types[0] === "array") return `[${this.typeName(shown.items || {})}]`;
    if (types[0] === "object" && shown.properties) return `{${Object.keys(shown.properties).join(", ")}}`;
    return types.join(" | ") + (shown.format ? ` (${shown.format})` : "");
  }

  // The fields below a schema, or nothing where it has none. `above` ends what contains itself.
  fields(schema, above) {
    const shown = this.present(schema);
    const name = shown.$ref;
    if (name && above.includes(name)) return null;
    const known = name ? [...above, name] : above;
    const found = this.resolve(shown);
    if (found.items) return this.fields(found.items, known);
    if (found.allOf) return this.list(found.allOf.map((part) => this.fields(part, known)));
    const choices = found.oneOf || found.anyOf;
    if (choices) {
      return this.list(choices.map((choice) => element("li", {},
        element("span", { class: "type" }, this.typeName(choice)), " ", ...this.note(choice), this.fields(choice, known))));
    }
    if (!found.properties) return null;
    const needed = new Set(found.required || []);
    return this.list(Object.entries(found.properties).map(([key, value]) => this.field(key, value, needed.has(key), known)));
  }

  list(items) {
    const kept = items.filter((item) => item);
    return kept.length ? element("ul", { class: "fields" }, ...kept) : null;
  }

  note(schema) {
    const shown = this.present(schema);
    const text = schema.description || shown.description || this.resolve(shown).description;
    return text ? [element("span", { class: "note" }, ...words(text))] : [];
  }

  field(key, schema, needed, above) {
    const line = [element("span", { class: "name" }, key), " ", element("span", { class: "type" }, this.typeName(schema)),
      " ", needed ? element("span", { class: "needed" }, "needed ") : "", ...this.note(schema)];
    const below = this.fields(schema, above);
    if (!below) return element("li", {}, ...line);
    return element("li", {}, element("details", {}, element("summary", {}, ...line), below));
  }

  // A value that the schema admits, for the form to begin with: needed fields and examples only.
  sample(schema, depth = 0) {
    const shown = this.present(schema);
    const found = this.resolve(shown);
    const example = [shown.example, found.example, ...(found.examples || [])].find((given) => given !== undefined);
    if (example !== undefined) return example;
    if (depth > 4) return null;
    if (found.enum) return found.enum[0];
    const choice = (found.oneOf || found.anyOf || [])[0];
    if (choice) return this.sample(choice, depth + 1);
    const type = [].concat(found.type || "string")[0];
    if (type === "array") return [this.sample(found.items || {}, depth + 1)];
    if (type === "object") {
      const needed = (found.required || []).filter((key) => found.properties && found.properties[key]);
      return Object.fromEntries(needed.map((key) => [key, this.sample(found.properties[key], depth + 1)]));
    }
    return { boolean: false, integer: 0, number: 0, null: null }[type] ?? (found.format === "uuid" ? "" : "…");
  }

  content(content) {
    const [type, media] = Object.entries(content || {})[0] || [];
    if (!type) return [];
    const schema = media.schema || {};
    return [element("span", { class: "type" }, this.typeName(schema)), " ",
      element("span", { class: "note" }, type === "application/json" ? "" : type), this.fields(schema, []) || ""];
  }
}

function operationCard(reference, path, method, operation) {
  const id = operation.operationId;
  const body = element("div", { class: "body" });
  const details = element("details", { id },
    element("summary", {}, element("span", { class: `method ${method}` }, method.toUpperCase()),
      element("span", { class: "path" }, path), element("span", { class: "says" }, operation.summary || "")), body);
  details.addEventListener("toggle", () => {
    if (details.open && !body.hasChildNodes()) body.append(...operationBody(reference, path, method, operation));
  });
  const card = element("article", {}, details);
  card.dataset.words = `${method} ${path} ${operation.summary || ""} ${operation.description || ""}`.toLowerCase();
  return card;
}

function operationBody(reference, path, method, operation) {
  const parts = prose(operation.description || "");
  const parameters = operation.parameters || [];
  if (parameters.length) {
    parts.push(element("h3", {}, "Parameters"), element("ul", { class: "fields" }, ...parameters.map((parameter) =>
      element("li", {}, element("span", { class: "name" }, parameter.name), " ",
        element("span", { class: "type" }, `${reference.typeName(parameter.schema || {})} in ${parameter.in}`), " ",
        parameter.required ? element("span", { class: "needed" }, "needed ") : "",
        element("span", { class: "note" }, ...words(parameter.description || ""))))));
  }
  if (operation.requestBody) {
    parts.push(element("h3", {}, "Body"), element("div", {}, ...reference.content(operation.requestBody.content)));
  }
  parts.push(element("h3", {}, "Answers"));
  for (const [status, response] of Object.entries(operation.responses || {})) {
    parts.push(element("div", {}, element("span", { class: "status" }, status === "default" ? "4xx, 5xx" : status), " ",
      element("span", { class: "note" }, ...words(response.description || "")), " ",
      ...reference.content(response.content)));
  }
  parts.push(element("h3", {}, "Try it"), tryForm(reference, path, method, operation, parameters));
  return parts;
}

function tryForm(reference, path, method, operation, parameters) {
  const inputs = parameters.map((parameter) => ({ parameter, input: element("input", { spellcheck: "false" }) }));
  const wanted = operation.requestBody && (operation.requestBody.content || {})["application/json"];
  const text = wanted && element("textarea", { spellcheck: "false", "aria-label": "Body" });
  if (text) text.value = JSON.stringify(reference.sample(wanted.schema || {}), null, 2);
  const button = element("button", { type: "submit" }, "Send");
  const status = element("span", { class: "status" });
  const answer = element("pre", { class: "hidden" });
  const send = async (event) => {
    event.preventDefault();
    button.disabled = true;
    try {
      const response = await call(path, method, inputs, text && text.value);
      const told = await response.text();
      status.textContent = `${response.status} ${response.statusText}`;
      answer.textContent = pretty(told);
    } catch (error) {
      status.textContent = "no answer";
      answer.textContent = String(error);
    }
    answer.className = "";
    button.disabled = false;
  };
  const labels = inputs.map(({ parameter, input }) => element("label", {}, parameter.name, input));
  return element("form", { on: { submit: send } }, ...labels, text || "", button, status, answer);
}

function call(path, method, inputs, body) {
  const headers = {};
  const query = new URLSearchParams();
  let address = path;
  for (const { parameter, input } of inputs) {
    const value = input.value.trim();
    if (parameter.in === "path") address = address.replace(`{${parameter.name}}`, encodeURIComponent(value));
    else if (value && parameter.in === "query") query.append(parameter.name, value);
    else if (value && parameter.in === "header") headers[parameter.name] = value;
  }
  const key = document.getElementById("key").value.trim();
  if (key) headers.Authorization = `Bearer ${key}`;
  if (body) headers["Content-Type"] = "application/json";
  const asked = query.size ? `${address}?${query}` : address;
  return fetch(asked, { method: method.toUpperCase(), headers, body: body || undefined });
}

function pretty(text) {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}

function draw(api) {
  const reference = new Reference(api);
  const contents = document.getElementById("contents");
  const main = document.getElementById("reference");
  document.getElementById("version").textContent = api.info.version;
  main.replaceChildren(element("div", { class: "introduction" }, ...prose(api.info.description || "")));
  for (const tag of api.tags || []) {
    const section = element("section", {}, element("h2", {}, tag.name), element("p", {}, ...words(tag.description || "")));
    contents.append(element("h2", {}, tag.name));
    for (const [path, item] of Object.entries(api.paths)) {
      for (const method of METHODS.filter((name) => item[name] && item[name].tags.includes(tag.name))) {
        const operation = item[method];
        section.append(operationCard(reference, path, method, operation));
        const open = () => { document.getElementById(operation.operationId).open = true; };
        contents.append(element("a", { href: `#${operation.operationId}`, on: { click: open } }, operation.summary || path));
      }
    }
    main.append(section);
  }
  const linked = document.getElementById(location.hash.slice(1));
  if (linked && "open" in linked) linked.open = true;
}

function find(event) {
  const wanted = event.target.value.trim().toLowerCase();
  for (const card of document.querySelectorAll("article")) {
    card.className = card.dataset.words.includes(wanted) ? "" : "hidden";
  }
  for (const section of document.querySelectorAll("section")) {
    section.className = section.querySelector("article:not(.hidden)") ? "" : "hidden";
  }
}

document.getElementById("find").addEventListener("input", find);
fetch("/dk/v1/openapi.json").then((response) => response.json()).then(draw).catch((error) => {
  document.getElementById("reference").textContent = `The API's document cannot be read: ${error}`;
});
