/** The looks of the pages, and the one script: both small enough to be sent whole. */
import { createHash } from 'node:crypto';

export const style = `:root{color-scheme:light dark;--ink:#1d2733;--soft:#5a6878;--paper:#fff;--panel:#f5f7f9;--line:#dde3e9;--accent:#0b6e6e;--mark:#e3f3f1;--bad:#b3261e}
@media(prefers-color-scheme:dark){:root{--ink:#dce4ec;--soft:#93a1b0;--paper:#12181f;--panel:#1a222b;--line:#2c3744;--accent:#5cc8c0;--mark:#173536;--bad:#ff8a80}}
*{box-sizing:border-box}
html{scroll-padding-top:1rem}
body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.6 system-ui,sans-serif;display:grid;grid-template-columns:17rem minmax(0,1fr);min-height:100vh}
a{color:var(--accent);text-decoration:none}a:hover{text-decoration:underline}
code,pre{font:.875em/1.55 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace}
code{background:var(--panel);border-radius:4px;padding:.1em .3em}pre code{background:none;padding:0}
nav{border-right:1px solid var(--line);background:var(--panel);padding:1.25rem 1rem;position:sticky;top:0;height:100vh;overflow-y:auto;font-size:.9rem}
nav .name{font-weight:700;font-size:1.15rem;color:var(--ink);display:block;margin-bottom:.75rem}
nav input{width:100%;padding:.45rem .6rem;border:1px solid var(--line);border-radius:6px;background:var(--paper);color:inherit;font:inherit}
nav h2{font-size:.72rem;letter-spacing:.06em;text-transform:uppercase;color:var(--soft);margin:1.1rem 0 .25rem}
nav ul{list-style:none;margin:0;padding:0}
nav li a{display:block;padding:.14rem .5rem;border-radius:5px;color:var(--ink);overflow-wrap:anywhere}
nav li a:hover{background:var(--mark);text-decoration:none}
nav [aria-current]{background:var(--mark);color:var(--accent);font-weight:600}
nav summary{display:none}
main{padding:2rem clamp(1rem,4vw,3.5rem) 4rem;max-width:64rem}
h1{font-size:1.9rem;line-height:1.25;margin:0 0 .5rem;overflow-wrap:anywhere}
h2{font-size:1.2rem;margin:2.25rem 0 .6rem}h2 a,h3 a{color:inherit}
.lead{font-size:1.08rem;margin-top:0;max-width:46rem}
.facts{display:flex;flex-wrap:wrap;gap:.5rem;padding:0;margin:1rem 0;list-style:none;font-size:.85rem}
.facts li{border:1px solid var(--line);border-radius:99px;padding:.1rem .75rem;color:var(--soft)}
.facts b{color:var(--ink);font-weight:600}
.wide{overflow-x:auto;border:1px solid var(--line);border-radius:8px}
table{border-collapse:collapse;width:100%;font-size:.92rem}
th,td{text-align:left;vertical-align:top;padding:.5rem .75rem;border-bottom:1px solid var(--line)}
tr:last-child>*{border-bottom:0}thead th{background:var(--panel);font-size:.8rem;color:var(--soft);font-weight:600}
tbody th{font-weight:400;white-space:nowrap}td small{display:block;color:var(--soft)}
td.bounds{max-width:20rem}td.bounds code{overflow-wrap:anywhere}
.needed{color:var(--accent);font-size:.75rem;display:block}
tr:target,section:target>h2{background:var(--mark)}
.tabs{background:var(--panel);display:flex;flex-wrap:wrap;border:1px solid var(--line);border-radius:8px;overflow:hidden}
.tabs input{position:absolute;opacity:0}
.tabs label{padding:.4rem .8rem;font-size:.85rem;color:var(--soft);background:var(--panel);cursor:pointer;order:1;border-bottom:2px solid transparent}
.tabs input:checked+label{color:var(--accent);border-color:var(--accent);font-weight:600}
.tabs input:focus-visible+label{outline:2px solid var(--accent);outline-offset:-2px}
.tabs pre{order:2;width:100%;display:none;margin:0;border:0;border-top:1px solid var(--line);border-radius:0}
.tabs input:checked+label+pre{display:block}
pre{background:var(--panel);border:1px solid var(--line);border-radius:8px;padding:.9rem 1rem;overflow-x:auto;margin:.6rem 0}
.methods{list-style:none;padding:0;margin:0}.methods li{padding:.35rem 0;border-bottom:1px solid var(--line)}.methods li:last-child{border:0}
.methods span{color:var(--soft);display:block;font-size:.92rem}
.state{font-size:.8rem;font-weight:600;border-radius:99px;padding:.1rem .6rem;margin-left:.5rem;vertical-align:middle;border:1px solid;color:var(--soft)}
.wide time{white-space:nowrap}#note{color:var(--soft);font-size:.85rem}
.state.ready{color:var(--accent)}.state.failing{color:var(--bad)}.why{color:var(--soft)}
.latest{color:var(--soft);font-size:.85rem;overflow-wrap:anywhere}.old{opacity:.55}
.unproven>*{color:var(--soft)}.number.bad{color:var(--bad)}.number{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
[hidden]{display:none!important}
@media(max-width:52rem){body{display:block}nav{position:relative;height:auto;border-right:0;border-bottom:1px solid var(--line);padding:.75rem 1rem}
nav .name{display:inline-block;margin:0}nav summary{display:block;position:absolute;top:.9rem;right:1rem;cursor:pointer;color:var(--accent)}nav details:not([open]) .all{display:none}nav .all{padding-top:.75rem}
main{padding-top:1.25rem}h1{font-size:1.5rem}tbody th{white-space:normal}
.wide table{font-size:.85rem}.wide :is(th,td){padding:.45rem .5rem}:is(.fields,.stacked) thead{display:none}:is(.fields,.stacked) :is(table,tbody,tr,th,td){display:block;border:0;padding:0;max-width:none}:is(.fields,.stacked) tr{border-bottom:1px solid var(--line);padding:.6rem .75rem}:is(.fields,.stacked) tr:last-child{border:0}
.stacked td:not(:last-child){display:inline-block;margin-right:.5rem;color:var(--soft);font-size:.85rem}
.fields .needed,.fields td small{display:inline;margin-left:.5rem}.fields td:nth-child(2){color:var(--soft);font-size:.85rem}.fields td.bounds{font-size:.85rem}}
@media print{nav{display:none}body{display:block}.tabs pre{display:block}}
`;

/** Without it every page is complete; with it the search box filters, and the chosen language is kept. */
export const script = `(()=>{const box=document.querySelector('nav input'),menu=document.querySelector('nav details');
if(matchMedia('(max-width:52rem)').matches)menu.open=false;
box.parentElement.hidden=false;
box.addEventListener('input',()=>{const words=box.value.toLowerCase().split(/\\s+/);
for(const group of document.querySelectorAll('nav section')){let any=false;
for(const item of group.querySelectorAll('li')){const text=(item.textContent+' '+(item.dataset.about||'')).toLowerCase();
item.hidden=!words.every(word=>text.includes(word));any=any||!item.hidden}group.hidden=!any}});
box.addEventListener('keydown',event=>{if(event.key==='Enter'){const first=document.querySelector('nav li:not([hidden]) a');if(first)location=first.href}});
addEventListener('keydown',event=>{if(event.key==='/'&&document.activeElement!==box){event.preventDefault();menu.open=true;box.focus()}});
const kept=localStorage.getItem('language');
for(const choice of document.querySelectorAll('.tabs input')){if(choice.value===kept)choice.checked=true;
choice.addEventListener('change',()=>localStorage.setItem('language',choice.value))}
const here=document.querySelector('nav [aria-current]');if(here&&menu.open)here.scrollIntoView({block:'nearest'})})()`;

export const headersFor = (scripts: readonly string[], connect: string) => {
  const hashes = scripts.map((text) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`).join(' ');
  return {
    'Content-Security-Policy': `default-src 'none'; style-src 'self'; script-src ${hashes};${connect} img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
    'X-Content-Type-Options': 'nosniff',
    'Referrer-Policy': 'no-referrer',
  };
};

/** Nothing but these pages' own style and script, and nothing from elsewhere. */
export const securityHeaders = headersFor([script], '');
