/** The frameworks readiness can be reported for. */
export const frameworkNames = ['iso27001', 'nis2', 'cyber_essentials'] as const;
