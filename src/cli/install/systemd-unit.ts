import { agentCommand, type InstallPlace, STOP_WAIT_SECONDS } from './install-place.ts';

/** A systemd unit of an agent (systemd.service(5), systemd.exec(5)). */
export function systemdUnit(place: InstallPlace): string {
  const { folder, user, region } = place;
  const environment = ['NODE_ENV=production', ...(region === undefined ? [] : [`AWS_REGION=${region}`])].join(' ');
  const command = agentCommand(place).map(quoted).join(' ');
  return `[Unit]
Description=Slipway agent
Wants=network-online.target
After=network-online.target
# An agent that keeps failing is started again for as long as it takes.
StartLimitIntervalSec=0

[Service]
Type=exec
ExecStart=${command}
# Reads agent.yaml, templates and flows again.
ExecReload=/bin/kill -HUP $MAINPID
WorkingDirectory=${escaped(folder)}
${user === undefined ? 'DynamicUser=yes' : `User=${user}`}
Environment=${environment}
# AWS_REGION, SLIPWAY_*: one per line, if there is such a file.
EnvironmentFile=-/etc/slipway/agent.env
Restart=always
RestartSec=5
# 0: it was asked to stop. 78: its configuration is bad. Both stay down until somebody acts.
RestartPreventExitStatus=0 78
# TERM drains: launches in hand come to their outcome, messages go back to the queue.
KillSignal=SIGTERM
TimeoutStopSec=${STOP_WAIT_SECONDS}
NoNewPrivileges=yes
ProtectSystem=strict
ProtectHome=read-only
PrivateTmp=yes
PrivateDevices=yes

[Install]
WantedBy=multi-user.target
`;
}

/** systemd splits at spaces outside quotes, and expands `%` and `$`. */
function quoted(word: string): string {
  const text = escaped(word).replaceAll('$', '$$$$');
  return /^[\w@%+=:,./$-]+$/.test(text) ? text : `"${text.replace(/["\\]/g, '\\$&')}"`;
}

function escaped(path: string): string {
  return path.replaceAll('%', '%%');
}
