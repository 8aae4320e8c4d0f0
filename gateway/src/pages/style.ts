/** One look for all of the gateway's own pages. */
export const STYLE = `
:root { color-scheme: light dark; --ink: #1c2330; --soft: #5c6675; --line: #e3e7ee; --paper: #fff; --ground: #f3f5f9; --accent: #2f5fde; --on-accent: #fff; --hover: #f6f8fc; }
@media (prefers-color-scheme: dark) { :root { --ink: #e8ebf2; --soft: #9aa5b8; --line: #2c3445; --paper: #1a202d; --ground: #11151e; --accent: #8fb0ff; --on-accent: #11151e; --hover: #212939; } }
* { box-sizing: border-box; }
body { margin: 0; min-height: 100vh; display: grid; grid-template-columns: minmax(0, 1fr); place-items: center; padding: 1.5rem; background: var(--ground); color: var(--ink); font: 1rem/1.55 system-ui, sans-serif; }
main { width: min(30rem, 100%); background: var(--paper); border: 1px solid var(--line); border-radius: 14px; padding: 2.25rem; box-shadow: 0 12px 40px rgb(0 0 0 / .06); }
main.wide { width: min(56rem, 100%); }
svg.gate { display: block; width: 2.5rem; height: 2.5rem; color: var(--accent); margin-bottom: 1.1rem; }
h1 { font-size: 1.35rem; line-height: 1.3; margin: 0 0 .75rem; overflow-wrap: anywhere; }
p { margin: 0 0 .75rem; overflow-wrap: anywhere; }
a:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
nav { display: flex; flex-wrap: wrap; gap: .75rem; margin-top: 1.5rem; }
nav a { text-decoration: none; font-weight: 600; padding: .55rem 1rem; border-radius: 9px; border: 1px solid var(--line); color: var(--ink); }
nav a:hover { background: var(--hover); }
nav a:first-child:not(.plain) { background: var(--accent); border-color: var(--accent); color: var(--on-accent); }
nav a:first-child:not(.plain):hover { filter: brightness(1.06); }
footer { margin-top: 1.75rem; padding-top: 1rem; border-top: 1px solid var(--line); color: var(--soft); font-size: .8rem; overflow-wrap: anywhere; }
ul { list-style: none; margin: 1.25rem 0 0; padding: 0; display: grid; gap: .75rem; }
ul.tiles { grid-template-columns: repeat(auto-fill, minmax(min(15rem, 100%), 1fr)); }
li a { display: flex; align-items: center; gap: .85rem; height: 100%; padding: .8rem 1rem; border: 1px solid var(--line); border-radius: 11px; text-decoration: none; color: var(--ink); }
li a:hover { background: var(--hover); border-color: var(--accent); }
.mark { flex: none; display: grid; place-items: center; width: 2.5rem; height: 2.5rem; border-radius: 9px; font-weight: 700; font-size: 1.05rem; color: #fff; overflow: hidden; }
.mark img { width: 100%; height: 100%; object-fit: contain; background: #fff; }
.about { min-width: 0; }
.about b { display: block; font-weight: 600; overflow-wrap: anywhere; }
.about span { display: block; color: var(--soft); font-size: .85rem; white-space: nowrap; overflow: hidden; text-overflow: ellipsis; }
header { display: flex; flex-wrap: wrap; align-items: center; gap: .5rem 1.25rem; }
header h1 { margin: 0; flex: 1 1 8rem; }
header .who { color: var(--soft); font-size: .9rem; overflow-wrap: anywhere; }
header nav { margin: 0; }
header + ul, header + p { margin-top: 1.75rem; }
@media (max-width: 30rem) { body { padding: .75rem; } main { padding: 1.5rem; } header .who { flex: 1 1 100%; order: 3; } header nav a { padding: .4rem .8rem; } }`;

const GATE_PATHS = '<path d="M3 21V9l9-6 9 6v12"/><path d="M8 21v-7a4 4 0 0 1 8 0v7"/><path d="M12 10v11"/>';
const DRAWN = 'viewBox="0 0 24 24" fill="none" stroke-width="1.8" stroke-linecap="round"';

export const GATE = `<svg class="gate" ${DRAWN} stroke="currentColor" aria-hidden="true">${GATE_PATHS}</svg>`;

/** In the page itself: nothing is asked of the host that the page stands in for. */
export const FAVICON = `data:image/svg+xml,${encodeURIComponent(
  `<svg xmlns="http://www.w3.org/2000/svg" ${DRAWN} stroke="#5b84f0">${GATE_PATHS}</svg>`,
)}`;
