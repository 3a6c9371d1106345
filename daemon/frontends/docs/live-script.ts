/** The script of pages that show what happens. */
import { headersFor, script } from './style.ts';

/**
 * Without it the page is as it was when it was asked for. With it the live part follows a stream as long as the page is seen;
 * of that part only what reads otherwise is replaced, so that what somebody selects or reads stays where it is.
 */
export const liveScript = `(()=>{const live=document.getElementById('live'),note=document.getElementById('note');let source,later;
const say=(text,old)=>{note.textContent=text;live.classList.toggle('old',old)};
const show=text=>{const made=document.createElement('template');made.innerHTML=text;
const now=[...live.children],next=[...made.content.children];
if(now.length!==next.length)live.replaceChildren(...next);
else next.forEach((one,at)=>{if(one.outerHTML!==now[at].outerHTML)now[at].replaceWith(one)})};
const open=()=>{let why='The daemon does not answer at the moment.';
source=new EventSource(location.origin+location.pathname+'?live');
source.onopen=()=>say('Live.',false);
source.onmessage=event=>show(event.data);
source.addEventListener('fault',event=>{why=JSON.parse(event.data).message});
source.onerror=()=>{say(why+' This is how it was.',true);if(source.readyState===EventSource.CLOSED)later=setTimeout(open,5000)}};
document.addEventListener('visibilitychange',()=>{source.close();clearTimeout(later);if(!document.hidden)open()});
open()})()`;

/** Of a page that follows a stream of its own. */
export const liveHeaders = headersFor([script, liveScript], " connect-src 'self';");
