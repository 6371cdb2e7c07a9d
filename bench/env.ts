const VARIABLES = {
  AWS_REGION: 'us-east-1',
  AWS_ACCESS_KEY_ID: 'test',
  AWS_SECRET_ACCESS_KEY: 'test',
  AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
};

/** Local AWS wants some credentials, whatever they are; to be called before the SDK is loaded. */
export function useLocalCredentials(): void {
  Object.assign(process.env, VARIABLES);
}

/** The environment of programs under measurement. */
export function benchEnv(): NodeJS.ProcessEnv {
  return { ...process.env, ...VARIABLES };
}
