/** The environment of programs under measurement: local AWS needs some credentials, whatever they are. */
export function benchEnv(): NodeJS.ProcessEnv {
  const variables = {
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
  };
  Object.assign(process.env, variables);
  return { ...process.env };
}
