export const ROOT: string;
export const ARTIFACTS: string;
export const SITE: string;
export const CHATKIT_SITE: string;
export const PORTS: Record<'extractive' | 'model' | 'chatkit' | 'openai', number>;
export const SCRIPT_URL: string;
