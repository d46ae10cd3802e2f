'use strict';

const byId = (id) => document.getElementById(id);
let paused = false;
let errorsKnown = null;

/** Change a text only if it is another, so that nothing is read out or selected anew. */
function text(node, value) {
	if (node.textContent !== value) {
		node.textContent = value;
	}
}

/** Bring rows up to date in their places. Each is an array of cells, and the first may be a heading. */
function rows(body, contents) {
	while (body.rows.length > contents.length) {
		body.deleteRow(-1);
	}
	contents.forEach((cells, index) => {
		const row = body.rows[index] || body.insertRow();
		cells.forEach((cell, column) => {
			const node = row.cells[column]
				|| row.appendChild(document.createElement((cell.heading) ? 'th' : 'td'));
			if (cell.heading) {
				node.scope = 'row';
			}
			node.className = cell.className || '';
			if (cell.meter) {
				meter(node, cell.meter);
			}
			else {
				text(node, cell.value);
			}
		});
	});
}

function items(list, contents) {
	while (list.children.length > contents.length) {
		list.lastChild.remove();
	}
	contents.forEach((content, index) => text(
		list.children[index] || list.appendChild(document.createElement('li')), content));
}

function meter(node, wanted) {
	let bar = node.querySelector('meter');
	if (wanted.percent === null) {
		text(node, '');
		return;
	}
	if (!bar) {
		node.textContent = '';
		bar = node.appendChild(document.createElement('meter'));
		// Green, from 80 % on yellow, and red when nothing is left
		Object.assign(bar, { min: 0, max: 100, low: 80, high: 99, optimum: 0 });
	}
	bar.value = wanted.percent;
	if (bar.getAttribute('aria-label') !== wanted.label) {
		bar.setAttribute('aria-label', wanted.label);
	}
}

function duration(seconds) {
	if (seconds === null) {
		return 'never';
	}
	const parts = [[86400, 'd'], [3600, 'h'], [60, 'min'], [1, 's']]
		.map(([size, unit], index, all) => [Math.floor((index ? seconds % all[index - 1][0] : seconds) / size), unit])
		.filter(([amount]) => amount > 0);
	return parts.slice(0, 2).map((part) => part.join(' ')).join(' ') || '0 s';
}

function counters(applications, several) {
	return applications.flatMap((application) => application.counters.map((counter) => {
		const limited = counter.max !== null;
		const full = limited && counter.percent >= 100;
		const name = `${application.caller}${application.suspended ? ' (suspended)' : ''}`
			+ (several ? `, service ${application.service}` : '');
		return [
			{ value: name, heading: true },
			{ value: application.plan },
			{ value: counter.metric },
			{ value: (limited) ? counter.period : 'all time' },
			{ value: counter.used, className: (full) ? 'number full' : 'number' },
			{ value: (limited) ? counter.max : 'none', className: 'number' },
			{ meter: { percent: (limited) ? counter.percent : null,
				label: `${counter.metric} a ${counter.period}: ${counter.percent} % used` } },
			{ value: (limited) ? duration(counter.reset) : '', className: 'number' }
		];
	}));
}

function show(state) {
	text(byId('time'), state.time.replace(/(\.\d+)?Z$/, ' UTC').replace('T', ' '));
	byId('time').dateTime = state.time;
	const services = new Set(state.applications.map((application) => application.service));
	rows(byId('counters'), counters(state.applications, services.size > 1));
	rows(byId('errors'), state.errors.map((error) => [{ value: error.service },
		{ value: error.code, heading: true }, { value: error.message }]));
	byId('errors-table').hidden = state.errors.length === 0;
	byId('no-errors').hidden = state.errors.length > 0;
	rows(byId('transactions'), state.transactions.map((transaction) => [
		{ value: transaction.time, heading: true }, { value: transaction.operation },
		{ value: transaction.application }, { value: transaction.usage }]));
	text(byId('requests'), Object.entries(state.requests).map((entry) => entry.join(' ')).join(', ') || 'none');
	items(byId('faults'), state.faults);
	if (errorsKnown !== null && state.errorCount > errorsKnown) {
		text(byId('status'), `New integration error: ${state.errors[0].code}`);
	}
	errorsKnown = state.errorCount;
}

async function update() {
	try {
		const answer = await fetch('/sandbox/state');
		show(await answer.json());
		document.body.dataset.ready = 'true';
		if (byId('status').dataset.away) {
			delete byId('status').dataset.away;
			text(byId('status'), 'The sandbox answers again.');
		}
	}
	catch (error) {
		byId('status').dataset.away = 'true';
		text(byId('status'), 'The sandbox does not answer. Is the application running?');
	}
}

async function change(button) {
	let path = button.dataset.change;
	if (button.dataset.with) {
		path += `?fault=${encodeURIComponent(byId(button.dataset.with).value)}`;
	}
	const answer = await fetch(`/sandbox/${path}`, { method: 'POST', headers: { 'X-Threescale-Sandbox': '1' } });
	if (!answer.ok) {
		text(byId('status'), await answer.text());
		return;
	}
	show(await answer.json());
	const group = button.closest('[role=group]').querySelector('h3').textContent;
	text(byId('status'), `Done: ${group}, ${button.textContent}.`);
}

document.querySelectorAll('[data-change]').forEach((button) => button.addEventListener('click',
	() => change(button).catch(() => text(byId('status'), 'The sandbox does not answer.'))));
byId('pause').addEventListener('click', () => {
	paused = !paused;
	byId('pause').setAttribute('aria-pressed', String(paused));
});
setInterval(() => paused || document.hidden || update(), 1000);
update();
