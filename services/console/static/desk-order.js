// The order of the desk: what is due next first. The row that the operator is at keeps its place until they leave it.

const last = Number.MAX_SAFE_INTEGER;

// Compares two rows: the earlier deadline first, then the earlier report.
export function compare(one, other) {
  return (one.due?.at ?? last) - (other.due?.at ?? last) || one.at - other.at || (one.id < other.id ? -1 : Number(one.id > other.id));
}

function placeOf(rows, row) {
  let low = 0;
  let high = rows.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (compare(rows[middle], row) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

export class Order {
  rows = new Map(); // of all open cases, by id
  sorted = [];
  held = null; // the row that keeps its place, as it was when the operator came to it

  reset(rows) {
    this.rows = new Map(rows.map((row) => [row.id, row]));
    this.sorted = [...rows].sort(compare);
  }

  change(changed, gone) {
    if (changed.length + gone.length > 300) {
      for (const id of gone) this.rows.delete(id);
      for (const row of changed) this.rows.set(row.id, row);
      this.sorted = [...this.rows.values()].sort(compare);
      return;
    }
    for (const id of gone) this.remove(id);
    for (const row of changed) {
      this.remove(row.id);
      this.rows.set(row.id, row);
      this.sorted.splice(placeOf(this.sorted, row), 0, row);
    }
  }

  remove(id) {
    const row = this.rows.get(id);
    if (!row) return;
    this.rows.delete(id);
    this.sorted.splice(placeOf(this.sorted, row), 1);
  }

  // Lets a row keep the place that it has; null lets go.
  hold(id) {
    if (id === (this.held?.id ?? null)) return;
    this.held = id ? (this.rows.get(id) ?? null) : null;
  }

  // Returns the rows that pass, in order; the held one where it was, with `gone` if it is no longer open or does not pass.
  shown(passes) {
    const held = this.held;
    const found = this.sorted.filter((row) => row.id !== held?.id && passes(row));
    if (!held) return found;
    const now = this.rows.get(held.id);
    found.splice(placeOf(found, held), 0, now ? now : { ...held, gone: true });
    return found;
  }
}
