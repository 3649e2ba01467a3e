// Reads documents with each format's own parser.
// Standard input: JSON, a list of {format: "dbml" | "mermaid" | "d2", text}.
// Standard output: JSON, for each of them what the parser made of it, or {error}.

const readers = {
  async dbml() {
    const { Parser } = await import("@dbml/core");
    return (text) => new Parser().parse(text, "dbmlv2").export();
  },

  async mermaid() {
    // Mermaid sanitises with the browser's document, though parsing alone draws nothing.
    const { JSDOM } = await import("jsdom");
    const { window } = new JSDOM("<!doctype html><body></body>");
    Object.assign(globalThis, { window, document: window.document });
    const { default: mermaid } = await import("mermaid");
    mermaid.initialize({ startOnLoad: false, securityLevel: "strict" });
    return async (text) => {
      const { db } = await mermaid.mermaidAPI.getDiagramFromText(text);
      return { entities: [...db.getEntities()], relationships: db.getRelationships() };
    };
  },

  async d2() {
    const { D2 } = await import("@terrastruct/d2");
    const d2 = new D2();
    return async (text) => {
      const { diagram } = await d2.compile(text, { layout: "dagre" });
      return { shapes: diagram.shapes, connections: diagram.connections };
    };
  },
};

let input = "";
for await (const chunk of process.stdin) input += chunk;
const made = {};
const results = [];
for (const { format, text } of JSON.parse(input)) {
  made[format] ??= await readers[format]();
  try {
    results.push(await made[format](text));
  } catch (error) {
    results.push({ error: error.diags ? JSON.stringify(error.diags) : String(error.message ?? error) });
  }
}
process.stdout.write(JSON.stringify(results), () => process.exit(0));
