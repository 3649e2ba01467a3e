// Asking the server in JSON. What it refuses comes back as an error with its sentence.

import { say } from "../diagram/words.js";

export class Refused extends Error {
  constructor(status, message) {
    super(message);
    this.status = status; // 0: there was no answer
  }
}

/**
 * Resolves to the answer's JSON.
 *
 * @param {string} method @param {string} address
 * @param {object} [body]
 * @throws {Refused} with the server's sentence, or one about the missing answer
 */
export const ask = async (method, address, body, { signal } = {}) => {
  const answer = await send(method, address, body, { signal });
  const data = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Refused(answer.status, data.error ?? sentence(answer.status));
  return data;
};

/** Resolves to the answer itself. */
export const send = async (method, address, body, { signal } = {}) => {
  const token = document.querySelector("#er-token [name=csrfmiddlewaretoken]")?.value ?? "";
  const headers = { "X-CSRFToken": token };
  if (body !== undefined) headers["Content-Type"] = "application/json";
  try {
    return await fetch(address, { method, headers, signal, body: body === undefined ? undefined : JSON.stringify(body) });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Refused(0, say("offline"));
  }
};

const sentence = (status) => {
  if (status === 403) return say("mayNot");
  return say("refused", { status });
};
