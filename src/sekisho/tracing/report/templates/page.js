"use strict";
(() => {
  const read = (id) => JSON.parse(document.getElementById(id).textContent);
  const at = (id) => document.getElementById(id);
  const SVG = "http://www.w3.org/2000/svg";
  const COLUMN = 74, ROW = 22, MARGIN = 34, FIRST_ROWS = 40;

  // ---- the data: a tree of largest contributions, drawn over all edges
  const data = read("flow-data");
  const nodes = data.nodes.map(([kind, name, height, time, said, status], id) =>
    ({ id, kind, name, height, time, said, status, children: [], parent: null, by: null, sats: 0, open: 0, under: 0 }));
  const edges = data.edges.map(([from, to, sats, guess, coin], id) =>
    ({ id, from, to, sats: Number(sats), exact: sats, guess, coin }));
  for (const edge of edges) {
    const node = nodes[edge.to];
    node.sats += edge.sats;
    if (!node.by || edge.sats > node.by.sats) node.by = edge;
  }
  for (const node of nodes) {
    if (!node.by) continue;
    node.parent = nodes[node.by.from];
    node.parent.children.push(node);
  }
  const roots = nodes.filter((node) => !node.parent);
  for (const root of roots) root.sats = root.sats || root.children.reduce((sum, child) => sum + child.by.sats, 0);
  for (const node of nodes) node.children.sort((a, b) => b.by.sats - a.by.sats || a.id - b.id);
  for (let i = nodes.length - 1; i >= 0; i--) {  // children stand after their parents
    for (const child of nodes[i].children) nodes[i].under += 1 + child.under;
  }

  const bitcoin = (sats) => {
    const digits = String(sats).padStart(9, "0");
    const whole = digits.slice(0, -8).replace(/\B(?=(\d{3})+$)/g, ",");
    return `${whole}.${digits.slice(-8)}`;
  };

  // ---- folding: a node shows none, the large or all of what it leads to; large branches first, until there is enough
  const NONE = 0, LARGE = 1, ALL = 2;
  const whole = Math.max(1, ...roots.map((root) => root.sats));
  for (const node of nodes) {
    const large = node.children.filter((child) => child.by.sats * 500 >= whole).length;
    node.large = node.children.slice(0, Math.max(1, large));
  }
  const shownOf = (node) => node.open === ALL ? node.children : node.open === LARGE ? node.large : [];
  const fold = () => {
    for (const node of nodes) node.open = NONE;
    const waiting = [...roots];
    let rows = roots.length;
    while (waiting.length && rows < FIRST_ROWS) {
      waiting.sort((a, b) => b.sats - a.sats);
      const node = waiting.shift();
      if (!node.children.length) continue;
      node.open = LARGE;
      rows += node.large.length - 1;
      waiting.push(...node.large);
    }
  };
  const unfold = () => { for (const node of nodes) node.open = ALL; };
  const reveal = (node) => {
    for (let each = node; each.parent; each = each.parent) {
      if (!shownOf(each.parent).includes(each)) each.parent.open = each.parent.large.includes(each) ? LARGE : ALL;
    }
  };

  // ---- layout: columns by block and by place in the block, rows by branch, the largest child beside its parent
  const visible = () => {
    const seen = [], waiting = [...roots].reverse();
    let row = 0;
    while (waiting.length) {
      const node = waiting.pop();
      seen.push(node);
      const below = shownOf(node);
      waiting.push(...[...below].reverse());
      node.leaf = !below.length;
      if (node.leaf) node.row = row++;
    }
    for (let i = seen.length - 1; i >= 0; i--) if (!seen[i].leaf) seen[i].row = seen[i].children[0].row;
    return [seen, row];
  };
  const columns = (seen) => {
    const inOrder = [...seen].sort((a, b) => a.id - b.id);
    const layers = new Map();
    for (const node of inOrder) {
      const up = node.parent;
      const same = up && (node.kind === "end" || up.height === node.height);
      node.layer = up && same ? [up.layer[0], up.layer[1] + 1] : [node.kind === "seed" ? -1 : node.height ?? Infinity, 0];
      if (up && node.layer[0] === up.layer[0] && node.layer[1] <= up.layer[1]) node.layer = [up.layer[0], up.layer[1] + 1];
      layers.set(node.layer.join(":"), node.layer);
    }
    const backward = inOrder.some((node) => node.parent && node.layer[0] < node.parent.layer[0]);
    const sign = backward ? -1 : 1;
    const sorted = [...layers.values()].sort((a, b) =>
      a[0] === b[0] ? a[1] - b[1] : a[0] === -1 ? -1 : b[0] === -1 ? 1 : sign * (a[0] < b[0] ? -1 : 1));
    const place = new Map(sorted.map((layer, column) => [layer.join(":"), column]));
    for (const node of seen) node.column = place.get(node.layer.join(":"));
    return sorted;
  };

  // ---- drawing
  const canvas = at("canvas");
  let scale = 1, chosen = null, size = [0, 0], found = new Set();
  const make = (name, attributes, parent) => {
    const element = document.createElementNS(SVG, name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    if (parent) parent.appendChild(element);
    return element;
  };
  const x = (node) => MARGIN + node.column * COLUMN;
  const y = (node) => 2 * MARGIN + node.row * ROW;
  const colour = (node) => node.kind === "seed" ? "seed" : node.kind === "transaction" ? (node.said ? "mix" : "transaction")
    : ["unspent", "mined", "service"].includes(node.status) ? node.status : "lost";
  const describe = (node) => `${bitcoin(node.sats)} BTC stolen · ${node.said || node.kind} · ${node.name} · ${node.time}`;

  const draw = () => {
    const [seen, rows] = visible();
    const layers = columns(seen);
    const path = new Set();
    if (chosen) for (let node = chosen; node; node = node.parent) path.add(node);
    size = [2 * MARGIN + layers.length * COLUMN + 380, 3 * MARGIN + rows * ROW];
    const svg = make("svg", { viewBox: `0 0 ${size[0]} ${size[1]}`, role: "img" });
    let labelled = -Infinity;
    layers.forEach(([height, inside], column) => {
      const left = MARGIN + column * COLUMN;
      if (inside === 0 && height >= 0 && left - labelled > 90) {
        labelled = left;
        make("text", { class: "axis", x: left, y: 20, "text-anchor": "middle" }, svg).textContent =
          height === Infinity ? "in no block" : `block ${height.toLocaleString("en")}`;
      }
    });
    const standing = new Set(seen), drawn = new Set();
    const stands = nodes.map(() => null);  // what shows for each node: itself, or the folded branch it is in
    for (const node of nodes) stands[node.id] = standing.has(node) ? node : stands[node.parent.id];
    for (const edge of edges) {
      const from = stands[edge.from], to = stands[edge.to];
      if (from === to || to.column <= from.column) continue;
      const tree = to.by && to.by.id === edge.id;
      const key = `${from.id}:${to.id}`;
      if (!tree && drawn.has(key)) continue;
      drawn.add(key);
      const on = chosen && path.has(to) && to.by === edge;
      const middle = Math.max(x(to) - COLUMN / 2, x(from));
      make("path", {
        class: `edge${edge.guess ? " guess" : ""}${tree ? "" : " cross"}${on ? " on" : chosen ? " dim" : ""}`,
        d: `M${x(from)} ${y(from)} H${middle} C${middle + COLUMN / 3} ${y(from)} ${x(to) - COLUMN / 3} ${y(to)} ${x(to)} ${y(to)}`,
        "stroke-width": Math.max(1, 9 * Math.sqrt(edge.sats / whole)).toFixed(1),
        "data-edge": edge.id,
      }, svg);
    }
    for (const node of seen) {
      const dim = chosen && !path.has(node) ? " dim" : "";
      make("circle", {
        class: `node ${colour(node)}${dim}${found.has(node) ? " hit" : ""}`, cx: x(node), cy: y(node),
        r: node.kind === "transaction" ? 5 : 6, "data-node": node.id, tabindex: node === chosen ? 0 : -1,
      }, svg);
      if (node.kind === "end" || node.kind === "seed") {
        const before = node.kind === "seed";
        const text = make("text", { class: dim, x: x(node) + (before ? -8 : 11), y: y(node) + (before ? -11 : 4) }, svg);
        text.textContent = before ? `theft ${bitcoin(node.sats)}` : `${bitcoin(node.sats)} ${node.said}`.slice(0, 64);
      } else if (node.said) {
        make("text", { class: dim, x: x(node) - 8, y: y(node) - 9 }, svg).textContent = node.said.slice(0, 30);
      }
      const below = shownOf(node).length;
      if (node.children.length > 1 || below < node.children.length) {
        const side = below ? x(node) : x(node) + 16;
        const up = below ? y(node) + 11 : y(node);
        make("circle", { class: `fold${dim}`, cx: side, cy: up, r: 6, "data-fold": node.id }, svg);
        make("text", { class: `sign${dim}`, x: side, y: up + 4 }, svg).textContent = below < node.children.length ? "+" : "−";
        if (!below) make("text", { class: dim, x: side + 10, y: up + 4 }, svg).textContent = `${bitcoin(node.sats)} and ${node.under} more`;
      }
    }
    canvas.replaceChildren(svg);
    zoom(scale);
  };
  const zoom = (to) => {
    scale = Math.min(3, Math.max(0.02, to));
    const svg = canvas.firstChild;
    svg.setAttribute("width", Math.round(size[0] * scale));
    svg.setAttribute("height", Math.round(size[1] * scale));
  };
  const zoomAt = (factor) => {
    const before = scale, [left, top] = [canvas.scrollLeft + canvas.clientWidth / 2, canvas.scrollTop + canvas.clientHeight / 2];
    zoom(scale * factor);
    canvas.scrollTo(left * scale / before - canvas.clientWidth / 2, top * scale / before - canvas.clientHeight / 2);
  };
  const centre = (node) =>
    canvas.scrollTo(x(node) * scale - canvas.clientWidth / 2, y(node) * scale - canvas.clientHeight / 2);

  // ---- one path
  const cell = (row, name, text, code) => {
    const made = row.insertCell();
    made.dataset.h = name;
    if (code) made.appendChild(document.createElement("code")).textContent = text; else made.textContent = text;
    return made;
  };
  const choose = (node) => {
    chosen = node;
    at("path").hidden = !node;
    if (node) reveal(node);
    draw();
    if (!node) return;
    const steps = [];
    for (let each = node; each; each = each.parent) steps.unshift(each);
    const body = at("steps");
    body.replaceChildren();
    steps.forEach((each, number) => {
      const row = body.insertRow();
      cell(row, "Step", String(number));
      cell(row, "Time", each.time);
      const what = each.kind === "end" ? each.said : each.kind === "seed" ? `theft: ${each.name}` : each.name;
      const passes = cell(row, "Passes through", what, each.kind !== "end");
      if (each.kind === "transaction" && each.said) passes.append(` ${each.said}`);
      const coin = each.by ? each.by.coin || "fee" : "";
      cell(row, "Coin", coin, coin !== "");
      const amount = cell(row, "BTC stolen", bitcoin(each.by ? each.by.exact : each.sats));
      amount.className = "n";
      if (each.by && each.by.guess) {
        const mark = amount.appendChild(document.createElement("span"));
        mark.className = "conv";
        mark.textContent = "convention";
      }
    });
  };

  // ---- finding
  let hits = [], hit = -1;
  const search = () => {
    const wanted = at("find").value.trim();
    hits = wanted.length < 3 ? [] : nodes.filter((node) =>
      node.name.includes(wanted) || node.said.includes(wanted) || (node.by && node.by.coin.includes(wanted)));
    found = new Set(hits);
    hit = -1;
    at("found").textContent = wanted.length < 3 ? "" : `${hits.length} found`;
    next();
  };
  const next = () => {
    if (hits.length) {
      hit = (hit + 1) % hits.length;
      reveal(hits[hit]);
      at("found").textContent = `${hit + 1} of ${hits.length}`;
    }
    draw();
    if (hits.length) centre(hits[hit]);
  };

  // ---- hands
  let held = null;
  canvas.addEventListener("pointerover", ({ target }) => {
    if (target.dataset.node !== undefined) at("said").textContent = describe(nodes[Number(target.dataset.node)]);
    if (target.dataset.edge === undefined) return;
    const edge = edges[Number(target.dataset.edge)];
    at("said").textContent = `${bitcoin(edge.exact)} BTC stolen${edge.guess ? ", by convention only," : ""} in the coin ${edge.coin || "(fee)"}`;
  });
  canvas.addEventListener("click", (event) => {
    const target = event.target;
    if (target.dataset.fold !== undefined) {
      const node = nodes[Number(target.dataset.fold)];
      const before = shownOf(node).length;
      do node.open = (node.open + 1) % 3; while (shownOf(node).length === before);
      draw();
    } else if (target.dataset.node !== undefined) choose(nodes[Number(target.dataset.node)]);
  });
  canvas.addEventListener("pointerdown", (event) => {
    if (event.pointerType !== "mouse" || event.target.dataset.node !== undefined || event.target.dataset.fold !== undefined) return;
    held = [event.clientX + canvas.scrollLeft, event.clientY + canvas.scrollTop];
    canvas.classList.add("held");
  });
  window.addEventListener("pointermove", (event) => { if (held) canvas.scrollTo(held[0] - event.clientX, held[1] - event.clientY); });
  window.addEventListener("pointerup", () => { held = null; canvas.classList.remove("held"); });
  canvas.addEventListener("wheel", (event) => {
    if (!event.ctrlKey && !event.metaKey) return;
    event.preventDefault();
    zoomAt(event.deltaY < 0 ? 1.15 : 1 / 1.15);
  }, { passive: false });
  at("find").addEventListener("change", search);
  at("next").addEventListener("click", next);
  at("closer").addEventListener("click", () => zoomAt(1.3));
  at("farther").addEventListener("click", () => zoomAt(1 / 1.3));
  at("fit").addEventListener("click", () => zoom(Math.min(canvas.clientWidth / size[0], canvas.clientHeight / size[1])));
  at("unfold").addEventListener("click", () => { unfold(); draw(); });
  at("fold").addEventListener("click", () => { fold(); draw(); });
  at("no-path").addEventListener("click", () => choose(null));
  for (const button of document.querySelectorAll("button.copy")) {
    button.addEventListener("click", () => {
      const text = at(button.dataset.from);
      getSelection().selectAllChildren(text);
      navigator.clipboard?.writeText(text.textContent).then(() => { button.textContent = "Copied"; });
    });
  }

  // ---- paper: everything folded is opened for it, and closed again
  let opened = [];
  window.addEventListener("beforeprint", () => {
    opened = [...document.querySelectorAll("details:not([open])")];
    for (const each of opened) each.open = true;
  });
  window.addEventListener("afterprint", () => {
    for (const each of opened) each.open = false;
    document.body.classList.remove("short", "only-path");
  });
  const print = (name) => () => { if (name) document.body.classList.add(name); window.print(); };
  at("print-all").addEventListener("click", print(""));
  at("print-short").addEventListener("click", print("short"));
  at("print-path").addEventListener("click", print("only-path"));

  document.documentElement.classList.add("scripted");
  fold();
  draw();
  if (location.hash.startsWith("#hop-")) at(location.hash.slice(1))?.setAttribute("open", "");
})();
