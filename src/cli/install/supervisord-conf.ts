import { agentCommand, type InstallPlace, STOP_WAIT_SECONDS } from './install-place.ts';

export interface SupervisordOptions {
  /** A whole supervisord.conf for `supervisord -c`, not only the programs for Debian's /etc/supervisor/conf.d. */
  readonly standalone: boolean;
}

/**
 * Supervisor's configuration of an agent, and of a second one that does not start by itself. The keys and their meaning:
 * supervisord.org/configuration.html, Supervisor 4.2.
 */
export function supervisordConf(place: InstallPlace, { standalone }: SupervisordOptions): string {
  const head = standalone ? [standaloneSections(place)] : [];
  return [...head, firstProgram(place), secondProgram(place)].join('\n');
}

function standaloneSections({ logFolder }: InstallPlace): string {
  return `; Runs the Slipway agent:
;
;   supervisord -c supervisord.conf          starts the agent, in the background
;   supervisorctl -c supervisord.conf status
;   supervisorctl -c supervisord.conf stop slipway-agent     drains it; launched runs keep running
;
; A reboot ends it for good. What comes up with the machine: slipway agent install supervisord (for a supervisord that
; runs as a service), or slipway agent install systemd.

[supervisord]
logfile=${logFolder}/supervisord.log
pidfile=${logFolder}/supervisord.pid

[unix_http_server]
file=${logFolder}/supervisor.sock
chmod=0700

[rpcinterface:supervisor]
supervisor.rpcinterface_factory=supervisor.rpcinterface:make_main_rpcinterface

[supervisorctl]
serverurl=unix://${logFolder}/supervisor.sock
`;
}

function firstProgram(place: InstallPlace): string {
  return `[program:slipway-agent]
; Node itself: "npm start" does not pass signals on.
command=${startCommand(place)}
${sharedKeys(place, 'slipway-agent')}
autostart=true
; 0: it was asked to stop. 78: its configuration is bad. Both stay down until somebody acts; all other ends are started again.
autorestart=unexpected
exitcodes=0,78
; A bad configuration ends it in less than startsecs: after startretries more it is FATAL, with the reason in its log.
; AWS being away never ends it, so FATAL is never an outage.
startsecs=10
startretries=3
; TERM drains: no more runs are taken, launches in hand come to their outcome (7 s at most), messages go back to the queue.
stopsignal=TERM
stopwaitsecs=${STOP_WAIT_SECONDS}
killasgroup=true
`;
}

function secondProgram(place: InstallPlace): string {
  const second = `${startCommand(place)} --name %(host_node_name)s-2 --agent-address http://127.0.0.1:4201`;
  return `; A place for a second agent: supervisorctl start slipway-agent-2. Any number may share a queue and a table, here or on
; other hosts, but each needs a name and an HTTP address of its own. Give it another --config for other queues or labels.
[program:slipway-agent-2]
command=${second}
${sharedKeys(place, 'slipway-agent-2')}
autostart=false
autorestart=unexpected
exitcodes=0,78
startsecs=10
startretries=3
stopsignal=TERM
stopwaitsecs=${STOP_WAIT_SECONDS}
killasgroup=true
`;
}

function startCommand(place: InstallPlace): string {
  return agentCommand(place).map(quoted).join(' ');
}

function sharedKeys({ folder, logFolder, user, region }: InstallPlace, program: string): string {
  return [
    `directory=${folder}`,
    ...(user === undefined ? [] : [`user=${user}`]),
    `environment=NODE_ENV="production"${region === undefined ? '' : `,AWS_REGION="${region}"`}`,
    'redirect_stderr=true',
    `stdout_logfile=${logFolder}/${program}.log`,
    'stdout_logfile_maxbytes=50MB',
    'stdout_logfile_backups=5',
  ].join('\n');
}

/** Supervisor splits the command as a shell would (Python's shlex). */
function quoted(word: string): string {
  return /^[\w@%+=:,./()-]+$/.test(word) ? word : `"${word.replace(/["\\]/g, '\\$&')}"`;
}

/** A path as supervisord reads it: `%` begins an expansion there, and `;` after a space a comment. */
export function supervisordPath(path: string): string {
  return path.replaceAll('%', '%%');
}
