/** One server-sent event with JSON as its data, which has no line feeds of its own. */
export function formatEvent(event: unknown): string {
  return `data: ${JSON.stringify(event)}\n\n`;
}

/** The longest event; a snapshot of a thousand processes is a fraction of it. In characters. */
const maxEventLength = 32 * 1024 * 1024;

/** Takes a stream of server-sent events apart, however it is cut into pieces. */
export class EventStreamParser {
  #pending = '';

  /** The data of the events that `text` completes. @throws when one is too long to be meant. */
  push(text: string): string[] {
    const blocks = (this.#pending + text).split('\n\n');
    this.#pending = blocks.pop() ?? '';
    if (this.#pending.length > maxEventLength) throw new Error('An event is too long.');
    return blocks.flatMap((block) => {
      const data = block
        .split('\n')
        .filter((line) => line.startsWith('data:'))
        .map((line) => line.slice('data:'.length).replace(/^ /, ''));
      // Comments, which keep a connection alive, have none.
      return data.length === 0 ? [] : [data.join('\n')];
    });
  }
}
