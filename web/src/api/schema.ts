// Generated from openapi.json by `npm run types`. Do not edit.
export interface paths {
    "/api/v1/account/memberships/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Leaves a tenant. The last admin stays. */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description The tenant */
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Session"];
                    };
                };
                /** @description Not signed in */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Not allowed */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Not a member there */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description The last admin */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description A refusal */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/account/password": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Replaces the own password. Every other sign-in of this person ends. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["PasswordChange"];
                };
            };
            responses: {
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description Not signed in */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Not allowed */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description The current password is wrong, or the new one weak */
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description Too many attempts; see Retry-After */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description A refusal */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/account/sign-ins": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The browsers in which this person is signed in, last used first. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["SignIns"];
                    };
                };
                /** @description Not signed in */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Not allowed */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description A refusal */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        /** Signs this person out everywhere but here. */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description Not signed in */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Not allowed */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description A refusal */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/account/sign-ins/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Signs this person out in one browser. */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description Not signed in */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Not allowed */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description A refusal */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/api-keys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The keys of this tenant. */
        get: {
            parameters: {
                query?: {
                    /** @description `next` of the page before. */
                    cursor?: string;
                    /** @description How many items at most. */
                    limit?: number;
                    /** @description Words that must all occur: 10 at most, of 200 characters in all. */
                    q?: string;
                    /** @description A field, or `-field` for last first. */
                    sort?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Items_ApiKey"];
                    };
                };
                /** @description Not signed in */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Not allowed */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description A refusal */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        /** Makes a key. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["KeyDraft"];
                };
            };
            responses: {
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["NewKey"];
                    };
                };
                /** @description Not signed in */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Not allowed */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description A refusal */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/api-keys/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One key. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ApiKey"];
                    };
                };
                /** @description Not signed in */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Not allowed */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description A refusal */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        /** Revokes a key. */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description Not signed in */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Not allowed */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description A refusal */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        options?: never;
        head?: never;
        /** Renames a key. Its role never changes: create another key instead. */
        patch: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["KeyChange"];
                };
            };
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ApiKey"];
                    };
                };
                /** @description Not signed in */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Not allowed */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description A refusal */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        trace?: never;
    };
    "/api/v1/audit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The actions of people and programs in this tenant, newest first. */
        get: {
            parameters: {
                query?: {
                    /** @description `next` of the page before. */
                    cursor?: string;
                    /** @description How many items at most. */
                    limit?: number;
                    /** @description Words that must all occur: 10 at most, of 200 characters in all. */
                    q?: string;
                    /** @description A field, or `-field` for last first. */
                    sort?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Items_AuditEntry"];
                    };
                };
                /** @description Not signed in */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Not allowed */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description A refusal */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/audit/bulk/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What one line of the log about many things, such as an import, did to each: `{id}` is the line's `object`. */
        get: {
            parameters: {
                query?: {
                    /** @description `next` of the page before. */
                    cursor?: string;
                    /** @description How many items at most. */
                    limit?: number;
                    /** @description Words that must all occur: 10 at most, of 200 characters in all. */
                    q?: string;
                    /** @description A field, or `-field` for last first. */
                    sort?: string;
                };
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Items_BulkRowItem"];
                    };
                };
                /** @description Not signed in */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Not allowed */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description A refusal */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/customers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Customers by name, reference or time of adding. */
        get: {
            parameters: {
                query?: {
                    /** @description The archived ones instead of the living. */
                    archived?: boolean;
                    /** @description `next` of the page before. */
                    cursor?: string;
                    /** @description How many items at most. */
                    limit?: number;
                    /** @description Words that must all occur: 10 at most, of 200 characters in all. */
                    q?: string;
                    /** @description A field, or `-field` for last first. */
                    sort?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Items_CustomerItem"];
                    };
                };
                /** @description Not signed in */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Not allowed */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description A refusal */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        /** Adds a customer. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["NewCustomer"];
                };
            };
            responses: {
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["CustomerItem"];
                    };
                };
                /** @description Not signed in */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Not allowed */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description A refusal */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/customers/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One customer. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["CustomerItem"];
                    };
                };
                /** @description Not signed in */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Not allowed */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description A refusal */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        /** Archives a customer who has no service left. */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description Not signed in */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Not allowed */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description A refusal */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        options?: never;
        head?: never;
        /** Changes a customer; what is not mentioned stays. */
        patch: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["CustomerPatch"];
                };
            };
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["CustomerItem"];
                    };
                };
                /** @description Not signed in */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Not allowed */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description A refusal */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        trace?: never;
    };
    "/api/v1/customers/{id}/erase-history": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Erases the ended sessions and the events of a customer's services, and what they carried, for good. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Erased"];
                    };
                };
                /** @description Not signed in */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Not allowed */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description A refusal */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/customers/{id}/restore": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Brings an archived customer back. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["CustomerItem"];
                    };
                };
                /** @description Not signed in */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Not allowed */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description A refusal */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/customers/export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** All customers that match, as CSV. */
        get: {
            parameters: {
                query?: {
                    /** @description The archived ones instead of the living. */
                    archived?: boolean;
                    /** @description `next` of the page before. */
                    cursor?: string;
                    /** @description How many items at most. */
                    limit?: number;
                    /** @description Words that must all occur: 10 at most, of 200 characters in all. */
                    q?: string;
                    /** @description A field, or `-field` for last first. */
                    sort?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "text/csv": string;
                    };
                };
                /** @description Not signed in */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Not allowed */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description A refusal */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/devices": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Devices with their status. */
        get: {
            parameters: {
                query?: {
                    /** @description The archived ones instead of the living. */
                    archived?: boolean;
                    /** @description `next` of the page before. */
                    cursor?: string;
                    /** @description How many items at most. */
                    limit?: number;
                    /** @description Words that must all occur: 10 at most, of 200 characters in all. */
                    q?: string;
                    /** @description Behind this router. */
                    routerId?: string;
                    /** @description A field, or `-field` for last first. */
                    sort?: string;
                    /** @description With this status. */
                    status?: components["schemas"]["DeviceStatusName"];
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Items_DeviceItem"];
                    };
                };
                /** @description Not signed in */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Not allowed */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description A refusal */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        /** Adds a device, which is then asked at once. Only the address is needed. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["NewDevice"];
                };
            };
            responses: {
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["DeviceItem"];
                    };
                };
                /** @description Not signed in */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Not allowed */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description A refusal */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/devices/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One device. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["DeviceItem"];
                    };
                };
                /** @description Not signed in */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Not allowed */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description A refusal */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        /** Removes a device: it is not asked any more. Its outages stay. */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description Not signed in */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Not allowed */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description A refusal */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        options?: never;
        head?: never;
        /**
         * Changes a device; what is not mentioned stays. With another address, router or reach its status is unknown until it
         *     is asked, which is at once.
         */
        patch: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["DevicePatch"];
                };
            };
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["DeviceItem"];
                    };
                };
                /** @description Not signed in */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Not allowed */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description A refusal */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        trace?: never;
    };
    "/api/v1/devices/{id}/metrics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What a device was measured at over time. Each figure is `class:index`, as `ping:median`, `ping:min`, `ping:max` (in
         *     milliseconds) and `ping:loss` (in percent). A range with more values than are wanted is answered in steps, each with
         *     its mean, minimum and maximum.
         */
        get: {
            parameters: {
                query: {
                    /** @description A day before `to` unless given. */
                    from?: components["schemas"]["Time"];
                    /** @description About how many values of each series are wanted: 1 to 4000, 600 unless given. */
                    points?: number;
                    /** @description Figures as `class:index`, given once for each or separated by commas; at most 64. */
                    series: string[];
                    /** @description Now unless given. */
                    to?: components["schemas"]["Time"];
                };
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Metrics"];
                    };
                };
                /** @description Not signed in */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Not allowed */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description A refusal */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/devices/{id}/outages": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The last hundred times that a device was down, newest first. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["OutageItem"][];
                    };
                };
                /** @description Not signed in */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Not allowed */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description A refusal */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/devices/{id}/ports": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The ports of a device as they were in the last poll that it answered; nothing before the first. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["PortItem"][];
                    };
                };
                /** @description Not signed in */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Not allowed */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description A refusal */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/devices/{id}/readings": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What a device was measured at in the last poll that it answered; nothing before the first. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Reading"][];
                    };
                };
                /** @description Not signed in */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Not allowed */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description A refusal */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/devices/{id}/restore": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Brings an archived device back, which is then asked at once. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["DeviceItem"];
                    };
                };
                /** @description Not signed in */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Not allowed */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description A refusal */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/jobs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Jobs that run, wait, are delayed or have failed, in this order: each group as it will run, failed jobs the
         *     latest first. `total` counts all.
         */
        get: {
            parameters: {
                query?: {
                    /** @description How many items at most. */
                    limit?: number;
                    /** @description Jobs of this router alone. */
                    routerId?: string;
                    /** @description Jobs in this state alone. */
                    state?: components["schemas"]["JobStateName"];
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Items_JobItem"];
                    };
                };
                /** @description Not signed in */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Not allowed */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description A refusal */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/jobs/{id}/retry": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Lets a job that was given up run again, before what the clock asked for. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                202: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Accepted"];
                    };
                };
                /** @description Not signed in */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Not allowed */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description A refusal */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/jobs/runs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Each kind of job at each router, in the order of the kinds: how it went the last time, and when it is due again. What
         *     does a part of another one's work is told once it has run.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Items_RunItem"];
                    };
                };
                /** @description Not signed in */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Not allowed */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description A refusal */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/jobs/tenant-runs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Each kind of job that is done for the tenant and at no router. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Items_StandingItem"];
                    };
                };
                /** @description Not signed in */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Not allowed */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description A refusal */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/live": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Server-Sent Events: `hello {stream, seq}`, then events named by topic, `{seq, items: [{id, rev, …}]}`. Who comes back
         *     sends the id of the last event as `Last-Event-ID`: the stream goes on from there, with the same `stream` and `seq` in
         *     its `hello`. Other ones, also in the middle of a stream, say that something was missed.
         */
        get: {
            parameters: {
                query?: {
                    /** @description `service`, `router`, `device`, `overview`, `job`, separated by commas; all when left out. */
                    topics?: string;
                };
                header?: {
                    /** @description The id of the last event that was seen. */
                    "Last-Event-ID"?: string | null;
                };
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "text/event-stream": components["schemas"]["LiveEvent"];
                    };
                };
                /** @description Not signed in */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Not allowed */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description A refusal */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/members": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The members of this tenant. */
        get: {
            parameters: {
                query?: {
                    /** @description `next` of the page before. */
                    cursor?: string;
                    /** @description How many items at most. */
                    limit?: number;
                    /** @description Words that must all occur: 10 at most, of 200 characters in all. */
                    q?: string;
                    /** @description A field, or `-field` for last first. */
                    sort?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Items_Member"];
                    };
                };
                /** @description Not signed in */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Not allowed */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description A refusal */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        /** Invites a person. Nobody is a member before they accept: with an account while signed in, else by choosing a password. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["Invitation"];
                };
            };
            responses: {
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Invited"];
                    };
                };
                /** @description Not signed in */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Not allowed */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description A member or invited already */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description A refusal */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/members/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One member. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Member"];
                    };
                };
                /** @description Not signed in */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Not allowed */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description A refusal */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        /** Ends a membership, or takes an invitation back. The person and their audit entries stay. */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description Not signed in */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Not allowed */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description The last admin */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description A refusal */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        options?: never;
        head?: never;
        /** Gives a member another role. The last admin stays one. */
        patch: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["MemberChange"];
                };
            };
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Member"];
                    };
                };
                /** @description Not signed in */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Not allowed */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description The last admin */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description A refusal */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        trace?: never;
    };
    "/api/v1/members/{id}/reset": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Creates a link to be handed on, with which a member sets a new password or an invited person accepts; the links
         *     before it stop working. Not for a member who is trusted beyond this tenant.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ResetLink"];
                    };
                };
                /** @description Not signed in */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Not allowed */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Trusted beyond this tenant */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description A refusal */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/overview": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Services and routers by status, routers in trouble, latest changes. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Overview"];
                    };
                };
                /** @description Not signed in */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Not allowed */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description A refusal */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/overview/trend": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Services by status over the last day (every five minutes) or month (every hour). */
        get: {
            parameters: {
                query?: {
                    /** @description The last 24 hours or the last 30 days; the day when left out. */
                    range?: components["schemas"]["RangeName"];
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Trend"];
                    };
                };
                /** @description Not signed in */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Not allowed */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description A refusal */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/plans": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Plans by name. */
        get: {
            parameters: {
                query?: {
                    /** @description The archived ones instead of the living. */
                    archived?: boolean;
                    /** @description `next` of the page before. */
                    cursor?: string;
                    /** @description How many items at most. */
                    limit?: number;
                    /** @description Words that must all occur: 10 at most, of 200 characters in all. */
                    q?: string;
                    /** @description A field, or `-field` for last first. */
                    sort?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Items_PlanItem"];
                    };
                };
                /** @description Not signed in */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Not allowed */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description A refusal */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        /** Adds a plan. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["NewPlan"];
                };
            };
            responses: {
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["PlanItem"];
                    };
                };
                /** @description Not signed in */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Not allowed */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description A refusal */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/plans/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One plan. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["PlanItem"];
                    };
                };
                /** @description Not signed in */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Not allowed */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description A refusal */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        /** Archives a plan that no service holds. */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description Not signed in */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Not allowed */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description A refusal */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        options?: never;
        head?: never;
        /** Changes a plan; what is not mentioned stays. */
        patch: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["PlanPatch"];
                };
            };
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["PlanItem"];
                    };
                };
                /** @description Not signed in */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Not allowed */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description A refusal */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        trace?: never;
    };
    "/api/v1/plans/{id}/restore": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Brings an archived plan back, while no other has its name. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["PlanItem"];
                    };
                };
                /** @description Not signed in */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Not allowed */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description A refusal */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/plans/export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** All plans that match, as CSV; prices in minor units. */
        get: {
            parameters: {
                query?: {
                    /** @description The archived ones instead of the living. */
                    archived?: boolean;
                    /** @description `next` of the page before. */
                    cursor?: string;
                    /** @description How many items at most. */
                    limit?: number;
                    /** @description Words that must all occur: 10 at most, of 200 characters in all. */
                    q?: string;
                    /** @description A field, or `-field` for last first. */
                    sort?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "text/csv": string;
                    };
                };
                /** @description Not signed in */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Not allowed */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description A refusal */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/routers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Routers with their state and their services by status. */
        get: {
            parameters: {
                query?: {
                    /** @description The archived ones instead of the living. */
                    archived?: boolean;
                    /** @description `next` of the page before. */
                    cursor?: string;
                    /** @description How many items at most. */
                    limit?: number;
                    /** @description Words that must all occur: 10 at most, of 200 characters in all. */
                    q?: string;
                    /** @description A field, or `-field` for last first. */
                    sort?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Items_RouterItem"];
                    };
                };
                /** @description Not signed in */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Not allowed */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description A refusal */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        /** Adds a router and connects to it. The webhook token is shown this once. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["NewRouter"];
                };
            };
            responses: {
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["CreatedRouter"];
                    };
                };
                /** @description Not signed in */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Not allowed */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description A refusal */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/routers/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One router. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["RouterItem"];
                    };
                };
                /** @description Not signed in */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Not allowed */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description A refusal */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        /** Removes a router and archives its services; history stays. Nothing on the router changes. */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description Not signed in */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Not allowed */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description A refusal */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        options?: never;
        head?: never;
        /**
         * Changes a router and connects anew, unless `paused` alone is mentioned; what is not mentioned stays. A password is only ever sent to
         *     the router it was given for: another address needs it again.
         */
        patch: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["RouterPatch"];
                };
            };
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["RouterItem"];
                    };
                };
                /** @description Not signed in */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Not allowed */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description A refusal */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        trace?: never;
    };
    "/api/v1/routers/{id}/absences": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The last hundred times that IMSys lost the connection to a router, newest first. They are kept for 30 days. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Absence"][];
                    };
                };
                /** @description Not signed in */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Not allowed */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description A refusal */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/routers/{id}/check": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Asks the router about its static customers, and those by DHCP, now. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                202: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Accepted"];
                    };
                };
                /** @description Not signed in */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Not allowed */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description A refusal */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/routers/{id}/import": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Makes services of the router's PPP secrets. Passwords are never read; nothing on the router changes. */
        post: {
            parameters: {
                query?: {
                    /** @description `create`: a customer for each service, named by the secret's comment. */
                    customers?: components["schemas"]["CustomersChoice"];
                    /** @description Only say what would be done. */
                    dryRun?: boolean;
                };
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: {
                content: {
                    "application/json": components["schemas"]["ImportChoice"] | null;
                };
            };
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ImportResult"];
                    };
                };
                /** @description Not signed in */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Not allowed */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description A refusal */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/routers/{id}/profiles": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The router's PPP profiles, and which of them call IMSys. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Profiles"];
                    };
                };
                /** @description Not signed in */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Not allowed */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description A refusal */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/routers/{id}/proposals": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Addresses in the router's ARP table, DHCP leases and simple queues that are not registered yet, at most
         *     2000. Nothing on the router changes.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Proposals"];
                    };
                };
                /** @description Not signed in */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Not allowed */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description A refusal */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/routers/{id}/restore": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Brings an archived router back with the services that were archived together with it, and connects. Its webhook token
         *     is the one that it had.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["RouterItem"];
                    };
                };
                /** @description Not signed in */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Not allowed */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description A refusal */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/routers/{id}/rotate-token": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Gives the router another webhook token; the old one stops working. Paste the hooks again. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["RotatedToken"];
                    };
                };
                /** @description Not signed in */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Not allowed */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description A refusal */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/routers/{id}/run": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Does a kind of job at the router now, before what the clock asked for. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["RunNow"];
                };
            };
            responses: {
                202: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Accepted"];
                    };
                };
                /** @description Not signed in */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Not allowed */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description A refusal */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/routers/{id}/script": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The RouterOS text to paste, or with `undo=true` the text that takes it back. It holds the API
         *     user's password and the webhook token.
         */
        get: {
            parameters: {
                query?: {
                    /** @description `user`, `firewall` or `hooks`; all of them unless given. */
                    part?: string;
                    /** @description The name of a PPP profile that gets the hooks, given once for each; `default` unless given. */
                    profiles?: string[];
                    /** @description The text that takes it back. */
                    undo?: boolean;
                };
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "text/plain": string;
                    };
                };
                /** @description Not signed in */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Not allowed */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description A refusal */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/routers/{id}/sweep": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Runs a full sync of the router's active PPPoE sessions now. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                202: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Accepted"];
                    };
                };
                /** @description Not signed in */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Not allowed */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description A refusal */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/routers/{id}/test": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Connects at once and says what is wrong and what mends it, within 15 seconds. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["TestResult"];
                    };
                };
                /** @description Not signed in */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Not allowed */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description A refusal */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/routers/{id}/unknown-users": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** PPPoE users that the router reported and no service has, the latest first; at most 1000. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Items_UnknownUserItem"];
                    };
                };
                /** @description Not signed in */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Not allowed */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description A refusal */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/routers/{id}/unknown-users/forget": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Takes a name off the list of unknown ones, until the router speaks of it again. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["UnknownUserName"];
                };
            };
            responses: {
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description Not signed in */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Not allowed */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description A refusal */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/routers/{id}/way-back": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Under which URL and address the router reaches this server: what its script needs to be known. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["WayBack"];
                    };
                };
                /** @description Not signed in */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Not allowed */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description A refusal */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/routers/check": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Asks every router that is connected and not paused about its static customers, and those by DHCP, now. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                202: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["AcceptedMany"];
                    };
                };
                /** @description Not signed in */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Not allowed */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description A refusal */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/services": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Services with their status. */
        get: {
            parameters: {
                query?: {
                    /** @description The archived ones instead of the living. */
                    archived?: boolean;
                    /** @description `next` of the page before. */
                    cursor?: string;
                    /** @description Of this customer. */
                    customerId?: string;
                    /** @description Of this kind. */
                    kind?: components["schemas"]["KindName"];
                    /** @description How many items at most. */
                    limit?: number;
                    /** @description On this plan. */
                    planId?: string;
                    /** @description Words that must all occur: 10 at most, of 200 characters in all. */
                    q?: string;
                    /** @description Behind this router. */
                    routerId?: string;
                    /** @description A field, or `-field` for last first. */
                    sort?: string;
                    /** @description With this status. */
                    status?: components["schemas"]["StatusName"];
                    /** @description Suspended or not. */
                    suspended?: boolean;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Items_ServiceItem"];
                    };
                };
                /** @description Not signed in */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Not allowed */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description A refusal */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        /** Adds a service. Nothing on the router changes. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["NewService"];
                };
            };
            responses: {
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ServiceItem"];
                    };
                };
                /** @description Not signed in */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Not allowed */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description A refusal */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/services/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One service. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ServiceItem"];
                    };
                };
                /** @description Not signed in */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Not allowed */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description A refusal */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        /** Archives a service. Nothing on the router changes. */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description Not signed in */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Not allowed */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description A refusal */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        options?: never;
        head?: never;
        /** Changes a service; what is not mentioned stays. Nothing on the router changes. */
        patch: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["ServicePatch"];
                };
            };
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ServiceItem"];
                    };
                };
                /** @description Not signed in */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Not allowed */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description A refusal */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        trace?: never;
    };
    "/api/v1/services/{id}/diagnosis": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Why a customer is online, offline or unknown: the evidence, and what to do. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["DiagnosisItem"];
                    };
                };
                /** @description Not signed in */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Not allowed */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description A refusal */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/services/{id}/live-check": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Asks the router about this customer now; what it says, row by row. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["DiagnosisItem"];
                    };
                };
                /** @description Not signed in */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Not allowed */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description A refusal */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/services/{id}/restore": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Brings an archived service back, while its place on its router is free. A customer and a plan that are archived come
         *     back with it; a router does not. Nothing on the router changes.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ServiceItem"];
                    };
                };
                /** @description Not signed in */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Not allowed */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description A refusal */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/services/{id}/sessions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Sessions of one service. */
        get: {
            parameters: {
                query?: {
                    /** @description `next` of the page before. */
                    cursor?: string;
                    /** @description A day ago unless given. */
                    from?: components["schemas"]["Time"];
                    /** @description How many items at most. */
                    limit?: number;
                    /** @description Words that must all occur: 10 at most, of 200 characters in all. */
                    q?: string;
                    /** @description A field, or `-field` for last first. */
                    sort?: string;
                    /** @description Now unless given. */
                    to?: components["schemas"]["Time"];
                };
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Items_SessionItem"];
                    };
                };
                /** @description Not signed in */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Not allowed */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description A refusal */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/services/{id}/timeline": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A service's status over a span of time. */
        get: {
            parameters: {
                query?: {
                    /** @description A day ago unless given. */
                    from?: components["schemas"]["Time"];
                    /** @description Now unless given. */
                    to?: components["schemas"]["Time"];
                };
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Timeline"];
                    };
                };
                /** @description Not signed in */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Not allowed */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description A refusal */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/services/{id}/usage": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What a service carried: totals, days and rates. */
        get: {
            parameters: {
                query?: {
                    /** @description Thirty days before `to` unless given. */
                    from?: components["schemas"]["Time"];
                    /** @description About how many values of the rates are wanted: 1 to 4000, 600 unless given. */
                    points?: number;
                    /** @description Now unless given. */
                    to?: components["schemas"]["Time"];
                };
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Usage"];
                    };
                };
                /** @description Not signed in */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Not allowed */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description A refusal */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/services/bulk": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Does one thing to many services: gives them a plan, moves them to a router, archives or restores them. Those that it
         *     cannot be done to are left, each with its reason. One line in the log; nothing on a router changes.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["BulkChange"];
                };
            };
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["BulkDone"];
                    };
                };
                /** @description Not signed in */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Not allowed */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description A refusal */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/services/bulk/{id}/undo": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Takes such an act back: each service becomes what it was before, unless it was changed since. The undo is such an
         *     act itself.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["BulkDone"];
                    };
                };
                /** @description Not signed in */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Not allowed */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description A refusal */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/services/export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** All services that match, as CSV. */
        get: {
            parameters: {
                query?: {
                    /** @description The archived ones instead of the living. */
                    archived?: boolean;
                    /** @description `next` of the page before. */
                    cursor?: string;
                    /** @description Of this customer. */
                    customerId?: string;
                    /** @description Of this kind. */
                    kind?: components["schemas"]["KindName"];
                    /** @description How many items at most. */
                    limit?: number;
                    /** @description On this plan. */
                    planId?: string;
                    /** @description Words that must all occur: 10 at most, of 200 characters in all. */
                    q?: string;
                    /** @description Behind this router. */
                    routerId?: string;
                    /** @description A field, or `-field` for last first. */
                    sort?: string;
                    /** @description With this status. */
                    status?: components["schemas"]["StatusName"];
                    /** @description Suspended or not. */
                    suspended?: boolean;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "text/csv": string;
                    };
                };
                /** @description Not signed in */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Not allowed */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description A refusal */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/services/import": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Brings in services from a CSV file, all of them or none, or the good rows alone: at most 1 MiB and 5000 rows,
         *     in UTF-8, UTF-16 or windows-1252. The first row
         *     names the columns: `kind` (static, pppoe or dhcp), `username`, `address`, `mac`, `interface`, `vrf`, `router`,
         *     `customer`, `plan`; routers, customers and plans by exact name or id. When a row cannot be brought in
         *     the answer is 422, with the same members as the answer of a dry run. Nothing on a router changes.
         */
        post: {
            parameters: {
                query?: {
                    /** @description `create`: customers who are not here are made; else they are mistakes. */
                    customers?: components["schemas"]["CustomersChoice"];
                    /** @description Only say what would be done. */
                    dryRun?: boolean;
                    /**
                     * @description `skip`: rows whose service is here are left out; `update`: what they say replaces what is stored, and an
                     *     empty cell leaves it, and a service that is archived comes back; else they are mistakes.
                     */
                    existing?: components["schemas"]["ExistingName"];
                    /** @description Bring in the good rows alone, instead of nothing while there is a bad one. */
                    goodRows?: boolean;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "text/csv": string;
                };
            };
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["SheetResult"];
                    };
                };
                /** @description Not signed in */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Not allowed */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description A refusal */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/session": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The session of this browser. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Session"];
                    };
                };
                /** @description Not signed in */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Not allowed */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description A refusal */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        /** Signs in. The answer and its time do not tell whether the address is known. The cookie is new each time. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["Credentials"];
                };
            };
            responses: {
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Session"];
                    };
                };
                /** @description Wrong address or password */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description Over plain HTTP from another machine */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description Too many attempts; see Retry-After */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description A refusal */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        /** Signs out. */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description Not signed in */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Not allowed */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description A refusal */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/session/tenant": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Makes this browser act in another tenant of its person. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["Choice"];
                };
            };
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Session"];
                    };
                };
                /** @description Not signed in */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Not allowed */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Not a member there */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description A refusal */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sessions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Sessions of every service, and the addresses that DHCP customers held. `q` is a whole address or MAC, or else the beginning of a PPP name or anything that
         *     services are found by. Who had an address at a moment: `q` is the address, `from` the moment, `to` a little later.
         */
        get: {
            parameters: {
                query?: {
                    /** @description `next` of the page before. */
                    cursor?: string;
                    /** @description Open at or after this time. */
                    from?: components["schemas"]["Time"];
                    /** @description How many items at most. */
                    limit?: number;
                    /** @description Words that must all occur: 10 at most, of 200 characters in all. */
                    q?: string;
                    /** @description On this router. */
                    routerId?: string;
                    /** @description Of this service. */
                    serviceId?: string;
                    /** @description A field, or `-field` for last first. */
                    sort?: string;
                    /** @description Begun before this time. */
                    to?: components["schemas"]["Time"];
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Items_SessionItem"];
                    };
                };
                /** @description Not signed in */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Not allowed */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description A refusal */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sessions/export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** All sessions that match, as CSV. */
        get: {
            parameters: {
                query?: {
                    /** @description `next` of the page before. */
                    cursor?: string;
                    /** @description Open at or after this time. */
                    from?: components["schemas"]["Time"];
                    /** @description How many items at most. */
                    limit?: number;
                    /** @description Words that must all occur: 10 at most, of 200 characters in all. */
                    q?: string;
                    /** @description On this router. */
                    routerId?: string;
                    /** @description Of this service. */
                    serviceId?: string;
                    /** @description A field, or `-field` for last first. */
                    sort?: string;
                    /** @description Begun before this time. */
                    to?: components["schemas"]["Time"];
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "text/csv": string;
                    };
                };
                /** @description Not signed in */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Not allowed */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description A refusal */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/settings": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The settings of this tenant. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Settings"];
                    };
                };
                /** @description Not signed in */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Not allowed */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description A refusal */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /** Changes them. */
        patch: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["SettingsChange"];
                };
            };
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Settings"];
                    };
                };
                /** @description Not signed in */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Not allowed */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description A refusal */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        trace?: never;
    };
    "/api/v1/setup": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Describes a set-up link without using it. */
        get: {
            parameters: {
                query?: never;
                header: {
                    /** @description The part of the link after `#` */
                    "X-IMSys-Link": string;
                };
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["SetupInfo"];
                    };
                };
                /** @description Used already, or expired */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description A refusal */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        /** Takes a link: sets name and password, makes the first person and tenant where there are none, signs in. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["Setup"];
                };
            };
            responses: {
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Session"];
                    };
                };
                /** @description Used already, or expired */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description The address has an account: its owner signs in and accepts */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description A refusal */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/setup/accept": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Accepts an invitation, or the set-up link of a tenant, as who is signed in; this browser acts there from now on. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["Acceptance"];
                };
            };
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Session"];
                    };
                };
                /** @description Not signed in */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Not allowed */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Used already, or expired */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description For another address, or a member already */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description A refusal */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/snmp-logins": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** All logins, in the order in which they were added. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["LoginItem"][];
                    };
                };
                /** @description Not signed in */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Not allowed */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description A refusal */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        /** Adds a login. The devices that it is bound to are tried with it. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["NewLogin"];
                };
            };
            responses: {
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["LoginItem"];
                    };
                };
                /** @description Not signed in */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Not allowed */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description A refusal */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/snmp-logins/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One login. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["LoginItem"];
                    };
                };
                /** @description Not signed in */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Not allowed */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description A refusal */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        /** Deletes a login. Devices that answered to it are tried with the others. */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description Not signed in */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Not allowed */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description A refusal */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        options?: never;
        head?: never;
        /** Changes a login; what is not mentioned stays. */
        patch: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["LoginPatch"];
                };
            };
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["LoginItem"];
                    };
                };
                /** @description Not signed in */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Not allowed */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description A refusal */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        trace?: never;
    };
    "/api/v1/tenants": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** All tenants. */
        get: {
            parameters: {
                query?: {
                    /** @description `next` of the page before. */
                    cursor?: string;
                    /** @description How many items at most. */
                    limit?: number;
                    /** @description Words that must all occur: 10 at most, of 200 characters in all. */
                    q?: string;
                    /** @description A field, or `-field` for last first. */
                    sort?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Items_Tenant"];
                    };
                };
                /** @description Not signed in */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Not allowed */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description A refusal */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        /** Makes a tenant. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["TenantName"];
                };
            };
            responses: {
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["NewTenant"];
                    };
                };
                /** @description Not signed in */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Not allowed */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description A refusal */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tenants/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One tenant. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Tenant"];
                    };
                };
                /** @description Not signed in */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Not allowed */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description A refusal */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        /**
         * Deletes a tenant for good: its routers, customers, services, their history, its keys and its log, and
         *     whoever is a member of it alone. Nothing on its routers changes.
         */
        delete: {
            parameters: {
                query: {
                    /** @description The tenant's name. */
                    name: string;
                };
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description Not signed in */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Not allowed */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description A refusal */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        options?: never;
        head?: never;
        /** Calls a tenant something else; its name in URLs stays. */
        patch: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["TenantName"];
                };
            };
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Tenant"];
                    };
                };
                /** @description Not signed in */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Not allowed */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description A refusal */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        trace?: never;
    };
    "/api/v1/tenants/{id}/membership": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Makes who asks an admin of the tenant. The tenant sees it: among its members and in its audit log. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Membership"];
                    };
                };
                /** @description Not signed in */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Not allowed */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description A member already */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description A refusal */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tenants/{id}/setup-link": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Makes another set-up link for an admin of the tenant; those before it stop working. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["SetupLink"];
                    };
                };
                /** @description Not signed in */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Not allowed */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description A refusal */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/webhooks/ppp": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * A customer's PPP session began or ended, as reported by the router's on-up or on-down script.
         * @description The token (header `X-IMSys-Token` or `token=`) identifies the router. Without one, `router=`
         *     counts only when that router's own address is the peer. GET carries `user`, `status` and,
         *     optionally, `session`, `mac`, `ip` in the query; POST carries five lines of text: status, user,
         *     caller-id, address, interface. The caller's MAC address is understood in every usual form, and an address
         *     with the prefix of a single one. Answers 204 when the event is stored, and 429 to a router that sends
         *     more than `http.webhook_burst` at once and `http.webhook_rate` a second.
         */
        get: {
            parameters: {
                query?: {
                    ip?: string;
                    mac?: string;
                    router?: string;
                    session?: string;
                    status?: string;
                    token?: string;
                    user?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description A refusal */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        /** The same with POST; described once. */
        post: {
            parameters: {
                query?: {
                    router?: string;
                    token?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "text/plain": string;
                };
            };
            responses: {
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description A refusal */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/docs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** This contract, to be read by people. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "text/html": string;
                    };
                };
                /** @description A refusal */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/livez": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Answers as long as the process runs. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "text/plain": string;
                    };
                };
                /** @description A refusal */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/metrics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Counters in Prometheus' text format. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "text/plain": string;
                    };
                };
                /** @description A refusal */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/openapi.json": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** This contract. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": unknown;
                    };
                };
                /** @description A refusal */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/readyz": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Answers 200 when facts can be read and written, else 503 with what is wrong. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "text/plain": string;
                    };
                };
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                /** @description A refusal */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /** @description A time in which a router was not connected. */
        Absence: {
            from: components["schemas"]["Time"];
            reason: string;
            /** Format: int64 */
            seconds: number;
            to?: components["schemas"]["Time"] | null;
        };
        /** @description The secret of a link. */
        Acceptance: {
            token: string;
        };
        /** @description Work that was begun. */
        Accepted: {
            /**
             * Format: uuid
             * @description Names the request in the log.
             */
            requestId: string;
        };
        /** @description Work that was begun at routers. */
        AcceptedMany: {
            /**
             * Format: uuid
             * @description Names the request in the log.
             */
            requestId: string;
            /** @description How many routers are asked. */
            routers: number;
        };
        /** @description A login, but for what is secret. */
        AccessItem: {
            /** Format: int32 */
            port: number;
            /** @description `1`, `2c` or `3`. */
            version: string;
        };
        /**
         * @description How an import treats a secret.
         * @enum {string}
         */
        ActionName: "create" | "update" | "skip";
        /** @description A program's key. */
        ApiKey: {
            createdAt: components["schemas"]["Time"];
            expiresAt?: components["schemas"]["Time"] | null;
            /** Format: uuid */
            id: string;
            lastUsedAt?: components["schemas"]["Time"] | null;
            name: string;
            /** @description Its first characters. */
            prefix: string;
            role: components["schemas"]["Role"];
        };
        /** @description One entry of the audit log. */
        AuditEntry: {
            /** @description Such as `service.update`. */
            action: string;
            /** @description An e-mail address, `key:` and a name, or `system`. */
            actor: string;
            at: components["schemas"]["Time"];
            /** @description Anything more, as JSON text. */
            detail: string;
            /** @description An id. */
            object: string;
            /**
             * Format: int64
             * @description Counts from 1 without a gap.
             */
            seq: number;
        };
        /** @description How requests are signed. */
        AuthSetting: {
            hash: components["schemas"]["SnmpHash"];
            /** @description At least eight characters. */
            password: string;
        };
        /** @description How often and for how long a router was not connected. */
        AwayItem: {
            /** @description In the last 24 hours. */
            day: components["schemas"]["AwayTime"];
            /** @description In the last 30 days. */
            month: components["schemas"]["AwayTime"];
        };
        AwayTime: {
            /** Format: int64 */
            seconds: number;
            /** Format: int64 */
            times: number;
        };
        /**
         * @description What is done to each of the services.
         * @enum {string}
         */
        BulkAction: "plan" | "move" | "archive" | "restore";
        /** @description What to do to many services. */
        BulkChange: {
            action: components["schemas"]["BulkAction"];
            /** @description Which services: 1 to 1000 ids. */
            ids: string[];
            /**
             * Format: uuid
             * @description For `plan`.
             */
            planId?: string | null;
            /**
             * Format: uuid
             * @description For `move`.
             */
            routerId?: string | null;
        };
        /** @description What an act did. */
        BulkDone: {
            /** @description How many services were changed. */
            changed: number;
            /**
             * Format: uuid
             * @description Names the act, for its undo and for its rows in the log; null when nothing was changed.
             */
            id?: string | null;
            /** @description Those that were left as they were, each with the reason. */
            left: components["schemas"]["BulkLeft"][];
        };
        /** @description A service that was left as it was. */
        BulkLeft: {
            /** @description A stable code, as of a problem. */
            code: string;
            /**
             * Format: uuid
             * @description Null when there is no such service here.
             */
            id?: string | null;
            /** @description What it is called: its username, address or MAC; null when there is no such service. */
            name?: string | null;
            reason: string;
        };
        /** @description What an act on many things did to one of them. */
        BulkRowItem: {
            /** @description As if it had been done alone, such as `service.update`. */
            action: string;
            /** @description As JSON text: names with their values, or with `[old, new]`. */
            detail: string;
            /**
             * Format: uuid
             * @description The id of the thing.
             */
            object: string;
        };
        /** @description The first steps, for a new installation. */
        Checklist: {
            hasRouter: boolean;
            hasService: boolean;
            hasWebhook: boolean;
        };
        Choice: {
            /** Format: uuid */
            tenantId: string;
        };
        /**
         * @description Where a service's bytes are counted: the interface of its session, or a queue.
         * @enum {string}
         */
        CounterSourceName: "interface" | "queue";
        /** @description The counts of services; `id` is the tenant's, `rev` the time. */
        CountsChanged: {
            /** Format: uuid */
            id: string;
            /** Format: int64 */
            rev: number;
            services: components["schemas"]["ServiceCounts"];
        };
        /** @description A router that was just added, with its webhook token, shown this once. */
        CreatedRouter: components["schemas"]["RouterItem"] & {
            webhookToken: string;
        };
        /** @description E-mail address and password, or the secret of a demo link. */
        Credentials: {
            email?: string | null;
            password?: string | null;
            token?: string | null;
        };
        /** @description A customer. */
        CustomerItem: {
            address?: string | null;
            archived: boolean;
            archivedAt?: components["schemas"]["Time"] | null;
            createdAt: components["schemas"]["Time"];
            email?: string | null;
            /** @description For `If-Match`. */
            etag: string;
            /** Format: uuid */
            id: string;
            name: string;
            notes?: string | null;
            phone?: string | null;
            /** @description The ISP's own number for the customer. */
            reference?: string | null;
        };
        CustomerPatch: {
            /** @default null */
            address?: string | null;
            /** @default null */
            email?: string | null;
            /** @default null */
            name?: string | null;
            /** @default null */
            notes?: string | null;
            /** @default null */
            phone?: string | null;
            /** @default null */
            reference?: string | null;
        };
        /**
         * @description How an import treats customers.
         * @enum {string}
         */
        CustomersChoice: "create" | "none";
        /** @description A device after a change. */
        DeviceChanged: {
            checkedAt: components["schemas"]["Time"] | null;
            /** Format: uuid */
            id: string;
            /** Format: double */
            latencyMs: number | null;
            /** Format: int32 */
            lossPct: number | null;
            reason: components["schemas"]["DeviceReasonName"] | null;
            /**
             * Format: int64
             * @description Of two states the one with the higher number is the later.
             */
            rev: number;
            since: components["schemas"]["Time"];
            status: components["schemas"]["DeviceStatusName"];
        };
        /** @description A device. */
        DeviceItem: {
            address: string;
            archived: boolean;
            archivedAt?: components["schemas"]["Time"] | null;
            checkedAt?: components["schemas"]["Time"] | null;
            createdAt: components["schemas"]["Time"];
            /** @description What it says it is (sysDescr). */
            description?: string | null;
            /** @description For `If-Match`. */
            etag: string;
            /** Format: uuid */
            id: string;
            /**
             * Format: double
             * @description The median round trip time of the last round; null without an answer.
             */
            latencyMs?: number | null;
            /**
             * Format: int32
             * @description Lost in the last round, in percent; null where nothing is known.
             */
            lossPct?: number | null;
            /** @description `snmp` while it answers SNMP, else `ping`. */
            mode: string;
            /** @description As it says; null where it does not. */
            model?: string | null;
            name: string;
            /** @description The software that it runs, as its family is called; null before its first answer by SNMP. */
            os?: string | null;
            /** @description Who asks it: this server or its router. */
            reach: components["schemas"]["ReachName"];
            reason?: components["schemas"]["DeviceReasonName"] | null;
            /**
             * Format: int64
             * @description Counts every change, as in live events.
             */
            rev: number;
            /**
             * Format: uuid
             * @description The router that it is behind.
             */
            routerId?: string | null;
            since: components["schemas"]["Time"];
            snmp: components["schemas"]["SnmpItem"];
            status: components["schemas"]["DeviceStatusName"];
            /** @description What it calls itself (sysName). */
            sysName?: string | null;
            /** @description It is asked more often. */
            watched: boolean;
        };
        /** @description A change of a device; what is not mentioned stays. */
        DevicePatch: {
            address?: string | null;
            /** @description A device that was called by its address is called by its new one unless given. */
            name?: string | null;
            reach?: components["schemas"]["ReachName"] | null;
            /**
             * Format: uuid
             * @description Without a word about `reach`, a device that gets a router is asked by it, and one that loses its router by this
             *     server.
             */
            routerId?: string | null;
            snmp?: components["schemas"]["SnmpSetting"] | null;
            watched?: boolean | null;
        };
        /**
         * @description Why a device is down (`no-answer`) or unknown (the others).
         * @enum {string}
         */
        DeviceReasonName: "no-answer" | "never-asked" | "router-away" | "no-permission" | "not-sent" | "packets-dropped" | "own-uplink";
        /** @description Devices whose status changed, or its reason. New figures alone are not told. */
        DevicesChanged: {
            items: components["schemas"]["DeviceChanged"][];
            /**
             * Format: int64
             * @description Up to this place of the stream everything was told.
             */
            seq: number;
        };
        /**
         * @description How a device is doing.
         * @enum {string}
         */
        DeviceStatusName: "up" | "down" | "unknown";
        /** @description The reasons for a service's status. */
        DiagnosisItem: {
            advice: string[];
            confirmedAt?: components["schemas"]["Time"] | null;
            evidence: components["schemas"]["EvidenceItem"][];
            headline: string;
            since: components["schemas"]["Time"];
            source?: components["schemas"]["SourceName"] | null;
            status: components["schemas"]["StatusName"];
        };
        /**
         * @description Why a session ended.
         * @enum {string}
         */
        EndCauseName: "user" | "kicked" | "reboot" | "superseded" | "blind" | "expired";
        /** @description The changes that IMSys may make on the router. */
        EnforcementItem: {
            mode: components["schemas"]["ModeName"];
        };
        Erased: {
            /**
             * Format: int64
             * @description How many sessions and events were erased.
             */
            erased: number;
        };
        EvidenceItem: {
            at?: components["schemas"]["Time"] | null;
            text: string;
            verdict: components["schemas"]["VerdictName"];
            witness: string;
        };
        /**
         * @description How to treat rows whose service exists already.
         * @enum {string}
         */
        ExistingName: "refuse" | "skip" | "update";
        /**
         * @description The outcome of a row of a CSV file.
         * @enum {string}
         */
        FateName: "create" | "update" | "restore" | "skip" | "refuse";
        /** @description An error in one field of the body. */
        FieldError: {
            /** @description Its name in the body; of a nested one with dots. */
            field: string;
            /** @description For people. */
            message: string;
        };
        /** @description How the router's webhooks have been. */
        HookItem: {
            lastWebhookAt?: components["schemas"]["Time"] | null;
            /** Format: int64 */
            received24h: number;
            /** Format: int64 */
            refused24h: number;
        };
        /** @description What to import, and as what. Without a body: everything, and profiles stand for what was remembered. */
        ImportChoice: {
            /**
             * @description The id of the plan that each PPP profile stands for; null is none. Profiles that are not mentioned stand for what
             *     the last import said. An import that is no dry run remembers it, for every router of the tenant.
             * @default {}
             */
            plans?: {
                [key: string]: string | null;
            };
            /**
             * @description Only these users.
             * @default null
             */
            usernames?: string[] | null;
        };
        /** @description A PPP profile and the plan that it stands for. */
        ImportProfile: {
            /** Format: uuid */
            planId?: string | null;
            profile: string;
            /** @description How many users have it. */
            users: number;
        };
        /** @description The result of an import or of its dry run. */
        ImportResult: {
            created: number;
            /** @description The PPP profiles that the users have. */
            profiles: components["schemas"]["ImportProfile"][];
            rows: components["schemas"]["ImportRow"][];
            skipped: number;
            updated: number;
        };
        ImportRow: {
            action: components["schemas"]["ActionName"];
            disabled: boolean;
            /** @description The customer's name, from the comment. */
            name?: string | null;
            /**
             * Format: uuid
             * @description The plan that the service gets.
             */
            planId?: string | null;
            planName?: string | null;
            profile?: string | null;
            reason: string;
            /** Format: uuid */
            serviceId?: string | null;
            username: string;
        };
        /** @description Somebody to be invited. */
        Invitation: {
            email: string;
            name: string;
            role: components["schemas"]["Role"];
        };
        /** @description Somebody who was just invited. */
        Invited: components["schemas"]["Member"] & {
            /** @description Shown once, for handing on. */
            inviteUrl: string;
            /** @description The address has an account: its owner must sign in and accept. */
            known: boolean;
        };
        /** @description One page of a list. */
        Items_ApiKey: {
            /** @description The items in the asked order. */
            items: {
                createdAt: components["schemas"]["Time"];
                expiresAt?: components["schemas"]["Time"] | null;
                /** Format: uuid */
                id: string;
                lastUsedAt?: components["schemas"]["Time"] | null;
                name: string;
                /** @description Its first characters. */
                prefix: string;
                role: components["schemas"]["Role"];
            }[];
            /** @description The `cursor` of the next page; null on the last. */
            next?: string | null;
            /**
             * Format: int64
             * @description How many items match on all pages.
             */
            total: number;
        };
        /** @description One page of a list. */
        Items_AuditEntry: {
            /** @description The items in the asked order. */
            items: {
                /** @description Such as `service.update`. */
                action: string;
                /** @description An e-mail address, `key:` and a name, or `system`. */
                actor: string;
                at: components["schemas"]["Time"];
                /** @description Anything more, as JSON text. */
                detail: string;
                /** @description An id. */
                object: string;
                /**
                 * Format: int64
                 * @description Counts from 1 without a gap.
                 */
                seq: number;
            }[];
            /** @description The `cursor` of the next page; null on the last. */
            next?: string | null;
            /**
             * Format: int64
             * @description How many items match on all pages.
             */
            total: number;
        };
        /** @description One page of a list. */
        Items_BulkRowItem: {
            /** @description The items in the asked order. */
            items: {
                /** @description As if it had been done alone, such as `service.update`. */
                action: string;
                /** @description As JSON text: names with their values, or with `[old, new]`. */
                detail: string;
                /**
                 * Format: uuid
                 * @description The id of the thing.
                 */
                object: string;
            }[];
            /** @description The `cursor` of the next page; null on the last. */
            next?: string | null;
            /**
             * Format: int64
             * @description How many items match on all pages.
             */
            total: number;
        };
        /** @description One page of a list. */
        Items_CustomerItem: {
            /** @description The items in the asked order. */
            items: {
                address?: string | null;
                archived: boolean;
                archivedAt?: components["schemas"]["Time"] | null;
                createdAt: components["schemas"]["Time"];
                email?: string | null;
                /** @description For `If-Match`. */
                etag: string;
                /** Format: uuid */
                id: string;
                name: string;
                notes?: string | null;
                phone?: string | null;
                /** @description The ISP's own number for the customer. */
                reference?: string | null;
            }[];
            /** @description The `cursor` of the next page; null on the last. */
            next?: string | null;
            /**
             * Format: int64
             * @description How many items match on all pages.
             */
            total: number;
        };
        /** @description One page of a list. */
        Items_DeviceItem: {
            /** @description The items in the asked order. */
            items: {
                address: string;
                archived: boolean;
                archivedAt?: components["schemas"]["Time"] | null;
                checkedAt?: components["schemas"]["Time"] | null;
                createdAt: components["schemas"]["Time"];
                /** @description What it says it is (sysDescr). */
                description?: string | null;
                /** @description For `If-Match`. */
                etag: string;
                /** Format: uuid */
                id: string;
                /**
                 * Format: double
                 * @description The median round trip time of the last round; null without an answer.
                 */
                latencyMs?: number | null;
                /**
                 * Format: int32
                 * @description Lost in the last round, in percent; null where nothing is known.
                 */
                lossPct?: number | null;
                /** @description `snmp` while it answers SNMP, else `ping`. */
                mode: string;
                /** @description As it says; null where it does not. */
                model?: string | null;
                name: string;
                /** @description The software that it runs, as its family is called; null before its first answer by SNMP. */
                os?: string | null;
                /** @description Who asks it: this server or its router. */
                reach: components["schemas"]["ReachName"];
                reason?: components["schemas"]["DeviceReasonName"] | null;
                /**
                 * Format: int64
                 * @description Counts every change, as in live events.
                 */
                rev: number;
                /**
                 * Format: uuid
                 * @description The router that it is behind.
                 */
                routerId?: string | null;
                since: components["schemas"]["Time"];
                snmp: components["schemas"]["SnmpItem"];
                status: components["schemas"]["DeviceStatusName"];
                /** @description What it calls itself (sysName). */
                sysName?: string | null;
                /** @description It is asked more often. */
                watched: boolean;
            }[];
            /** @description The `cursor` of the next page; null on the last. */
            next?: string | null;
            /**
             * Format: int64
             * @description How many items match on all pages.
             */
            total: number;
        };
        /** @description One page of a list. */
        Items_JobItem: {
            /** @description The items in the asked order. */
            items: {
                addedAt: components["schemas"]["Time"];
                /**
                 * Format: int32
                 * @description How many attempts are over.
                 */
                attempts: number;
                dueAt?: components["schemas"]["Time"] | null;
                endedAt?: components["schemas"]["Time"] | null;
                /** @description The latest error and its causes, outermost first. */
                error: string[];
                /** @description The queue's name for it. */
                id: string;
                /** @description The name as people know it. */
                label: string;
                /** @description Why the router was woken, such as `SWEEP_PPP`; the job does whatever is marked for the router. */
                name: string;
                priority?: components["schemas"]["PriorityName"] | null;
                /** Format: uuid */
                routerId?: string | null;
                routerName?: string | null;
                startedAt?: components["schemas"]["Time"] | null;
                state: components["schemas"]["JobStateName"];
                /** @description What cannot be read of it, such as `priority`: another program put it on the queue. */
                unreadable: string[];
            }[];
            /** @description The `cursor` of the next page; null on the last. */
            next?: string | null;
            /**
             * Format: int64
             * @description How many items match on all pages.
             */
            total: number;
        };
        /** @description One page of a list. */
        Items_Member: {
            /** @description The items in the asked order. */
            items: {
                /** @description When the person became a member, or was invited. */
                createdAt: components["schemas"]["Time"];
                email: string;
                /** Format: uuid */
                id: string;
                name: string;
                /** @description Has not accepted the invitation yet. */
                pending: boolean;
                role: components["schemas"]["Role"];
            }[];
            /** @description The `cursor` of the next page; null on the last. */
            next?: string | null;
            /**
             * Format: int64
             * @description How many items match on all pages.
             */
            total: number;
        };
        /** @description One page of a list. */
        Items_PlanItem: {
            /** @description The items in the asked order. */
            items: {
                archived: boolean;
                archivedAt?: components["schemas"]["Time"] | null;
                createdAt: components["schemas"]["Time"];
                /** Format: int32 */
                downKbps?: number | null;
                /** @description For `If-Match`. */
                etag: string;
                /** Format: uuid */
                id: string;
                name: string;
                period: components["schemas"]["PeriodName"];
                price: components["schemas"]["MoneyItem"];
                /** Format: int32 */
                upKbps?: number | null;
            }[];
            /** @description The `cursor` of the next page; null on the last. */
            next?: string | null;
            /**
             * Format: int64
             * @description How many items match on all pages.
             */
            total: number;
        };
        /** @description One page of a list. */
        Items_RouterItem: {
            /** @description The items in the asked order. */
            items: {
                address: string;
                archived: boolean;
                archivedAt?: components["schemas"]["Time"] | null;
                away: components["schemas"]["AwayItem"];
                board?: string | null;
                createdAt: components["schemas"]["Time"];
                /** @description True if device-mode allows `fetch`; null where the version has no device-mode. */
                deviceModeFetch?: boolean | null;
                /** @description For `If-Match`. */
                etag: string;
                hooks: components["schemas"]["HookItem"];
                /** Format: uuid */
                id: string;
                identity?: string | null;
                lastSweepAt?: components["schemas"]["Time"] | null;
                /** @description The login of RouterOS before 6.43 is allowed. */
                legacyLogin: boolean;
                /** @description The listen told nothing while active sessions changed; it was started anew and has told nothing yet. */
                listenDeaf: boolean;
                /** @description A listen on its active sessions is being read and relied on. */
                listening: boolean;
                name: string;
                /** @description No scheduled full syncs and checks; people can still start them. */
                paused: boolean;
                /** Format: int32 */
                port: number;
                reason?: string | null;
                /**
                 * Format: int64
                 * @description Counts every change, as in live events.
                 */
                rev: number;
                /** @description Networks behind it to which this server has a route: devices there may be asked directly. */
                routed: string[];
                services: components["schemas"]["ServiceCounts"];
                since: components["schemas"]["Time"];
                state: components["schemas"]["RouterStateName"];
                tls: components["schemas"]["TlsSetting"];
                username: string;
                version?: string | null;
            }[];
            /** @description The `cursor` of the next page; null on the last. */
            next?: string | null;
            /**
             * Format: int64
             * @description How many items match on all pages.
             */
            total: number;
        };
        /** @description One page of a list. */
        Items_RunItem: {
            /** @description The items in the asked order. */
            items: (components["schemas"]["StandingItem"] & {
                paused: boolean;
                /** Format: uuid */
                routerId: string;
                routerName: string;
                routerState: components["schemas"]["RouterStateName"];
            })[];
            /** @description The `cursor` of the next page; null on the last. */
            next?: string | null;
            /**
             * Format: int64
             * @description How many items match on all pages.
             */
            total: number;
        };
        /** @description One page of a list. */
        Items_ServiceItem: {
            /** @description The items in the asked order. */
            items: {
                /** @description Static: the customer's. PPPoE: what the open session was given. DHCP: what the lease gave. */
                address?: string | null;
                archived: boolean;
                archivedAt?: components["schemas"]["Time"] | null;
                confirmedAt?: components["schemas"]["Time"] | null;
                createdAt: components["schemas"]["Time"];
                /** Format: uuid */
                customerId?: string | null;
                customerName?: string | null;
                enforcement: components["schemas"]["EnforcementItem"];
                /** @description For `If-Match`: counts the changes by people. */
                etag: string;
                /** Format: uuid */
                id: string;
                interface?: string | null;
                /** @description Null is unknown. */
                isOnline?: boolean | null;
                kind: components["schemas"]["KindName"];
                /** @description Static and DHCP: the registered one. PPPoE: the caller of the open session. */
                mac?: string | null;
                /** Format: uuid */
                planId?: string | null;
                planName?: string | null;
                /**
                 * Format: int64
                 * @description Counts every change, as in live events.
                 */
                rev: number;
                /** Format: uuid */
                routerId: string;
                routerName: string;
                /**
                 * Format: int32
                 * @description PPPoE: open sessions. One name can be used by several devices.
                 */
                sessionCount: number;
                since: components["schemas"]["Time"];
                source?: components["schemas"]["SourceName"] | null;
                status: components["schemas"]["StatusName"];
                suspended: boolean;
                username?: string | null;
                vrf?: string | null;
                /** @description Static and DHCP: the device that the last check found at the address, when another one is registered. */
                wrongMac?: string | null;
            }[];
            /** @description The `cursor` of the next page; null on the last. */
            next?: string | null;
            /**
             * Format: int64
             * @description How many items match on all pages.
             */
            total: number;
        };
        /** @description One page of a list. */
        Items_SessionItem: {
            /** @description The items in the asked order. */
            items: {
                address?: string | null;
                cause?: components["schemas"]["EndCauseName"] | null;
                /**
                 * Format: uuid
                 * @description Who has the service now.
                 */
                customerId?: string | null;
                customerName?: string | null;
                endedAt?: components["schemas"]["Time"] | null;
                /** Format: uuid */
                id: string;
                mac?: string | null;
                /** Format: uuid */
                routerId: string;
                routerName: string;
                /** Format: uuid */
                serviceId: string;
                /** @description The source that opened it. */
                source: components["schemas"]["SourceName"];
                /** @description By DHCP, when a check first saw the address. */
                startedAt: components["schemas"]["Time"];
                /**
                 * Format: int64
                 * @description How long it lasted, or has lasted.
                 */
                uptimeSeconds: number;
                /** @description By DHCP the MAC address. */
                username: string;
            }[];
            /** @description The `cursor` of the next page; null on the last. */
            next?: string | null;
            /**
             * Format: int64
             * @description How many items match on all pages.
             */
            total: number;
        };
        /** @description One page of a list. */
        Items_StandingItem: {
            /** @description The items in the asked order. */
            items: {
                /** @description Why it failed, and what mends it. */
                error?: string | null;
                /** @description Such as `SWEEP_PPP`. */
                kind: string;
                /** @description The kind as people know it. */
                label: string;
                lastAt?: components["schemas"]["Time"] | null;
                nextAt?: components["schemas"]["Time"] | null;
                outcome?: components["schemas"]["RunOutcomeName"] | null;
                /**
                 * @description The kind whose work this one does a part of, such as `CHECK_STATIC_USERS` of `CHECK_STATIC_REST`; null for one that
                 *     stands alone.
                 */
                partOf?: string | null;
                /**
                 * Format: int64
                 * @description Milliseconds; null where no job ran, as for the full sync right after a router connects.
                 */
                tookMs?: number | null;
            }[];
            /** @description The `cursor` of the next page; null on the last. */
            next?: string | null;
            /**
             * Format: int64
             * @description How many items match on all pages.
             */
            total: number;
        };
        /** @description One page of a list. */
        Items_Tenant: {
            /** @description The items in the asked order. */
            items: {
                counts: components["schemas"]["TenantCounts"];
                createdAt: components["schemas"]["Time"];
                /** Format: uuid */
                id: string;
                name: string;
                /** @description Its name in URLs. */
                slug: string;
            }[];
            /** @description The `cursor` of the next page; null on the last. */
            next?: string | null;
            /**
             * Format: int64
             * @description How many items match on all pages.
             */
            total: number;
        };
        /** @description One page of a list. */
        Items_UnknownUserItem: {
            /** @description The items in the asked order. */
            items: {
                /**
                 * Format: uuid
                 * @description The archived service that had this name, if there is one.
                 */
                archivedServiceId?: string | null;
                /** Format: int64 */
                count: number;
                firstSeen: components["schemas"]["Time"];
                lastSeen: components["schemas"]["Time"];
                source: components["schemas"]["SourceName"];
                username: string;
            }[];
            /** @description The `cursor` of the next page; null on the last. */
            next?: string | null;
            /**
             * Format: int64
             * @description How many items match on all pages.
             */
            total: number;
        };
        /** @description A router's job; `rev` is the time. */
        JobChanged: {
            /** Format: uuid */
            id: string;
            /** Format: int64 */
            rev: number;
            running: boolean;
        };
        /** @description A job on the queue. */
        JobItem: {
            addedAt: components["schemas"]["Time"];
            /**
             * Format: int32
             * @description How many attempts are over.
             */
            attempts: number;
            dueAt?: components["schemas"]["Time"] | null;
            endedAt?: components["schemas"]["Time"] | null;
            /** @description The latest error and its causes, outermost first. */
            error: string[];
            /** @description The queue's name for it. */
            id: string;
            /** @description The name as people know it. */
            label: string;
            /** @description Why the router was woken, such as `SWEEP_PPP`; the job does whatever is marked for the router. */
            name: string;
            priority?: components["schemas"]["PriorityName"] | null;
            /** Format: uuid */
            routerId?: string | null;
            routerName?: string | null;
            startedAt?: components["schemas"]["Time"] | null;
            state: components["schemas"]["JobStateName"];
            /** @description What cannot be read of it, such as `priority`: another program put it on the queue. */
            unreadable: string[];
        };
        /** @description Routers at which jobs began or ended. */
        JobsChanged: {
            items: components["schemas"]["JobChanged"][];
            /**
             * Format: int64
             * @description Up to this place of the stream everything was told.
             */
            seq: number;
        };
        /**
         * @description Where a job is.
         * @enum {string}
         */
        JobStateName: "active" | "waiting" | "delayed" | "failed";
        KeyChange: {
            name: string;
        };
        KeyDraft: {
            expiresAt?: components["schemas"]["Time"] | null;
            name: string;
            role: components["schemas"]["Role"];
        };
        /**
         * @description How a service is recognised on its router.
         * @enum {string}
         */
        KindName: "pppoe" | "static" | "dhcp";
        /**
         * @description The `data` of one event. Its name is `hello`, `service`, `router`, `device`, `overview` or `job`, in the order of
         *     these variants.
         */
        LiveEvent: components["schemas"]["LiveHello"] | components["schemas"]["ServicesChanged"] | components["schemas"]["RoutersChanged"] | components["schemas"]["DevicesChanged"] | components["schemas"]["OverviewChanged"] | components["schemas"]["JobsChanged"];
        /** @description The greeting of a stream: of a new one, and of one in which something was missed. */
        LiveHello: {
            /**
             * Format: int64
             * @description Up to this place everything was told; a client that stands elsewhere has missed something.
             */
            seq: number;
            /** @description The name of what is told. Places in one stream mean nothing in another. */
            stream: string;
        };
        /** @description A login that devices are tried with. What is secret is never shown. */
        LoginItem: {
            createdAt: components["schemas"]["Time"];
            /** @description For `If-Match`. */
            etag: string;
            /** Format: uuid */
            id: string;
            name: string;
            /** @description And with devices in these networks. */
            networks: string[];
            /** Format: int32 */
            port: number;
            /** @description It is tried with devices behind these routers. */
            routerIds: string[];
            /** @description `1`, `2c` or `3`. */
            version: string;
        };
        /** @description A change of a login; what is not mentioned stays. */
        LoginPatch: {
            name?: string | null;
            networks?: string[] | null;
            routerIds?: string[] | null;
            snmp?: components["schemas"]["SnmpSetting"] | null;
        };
        /** @description Somebody who acts in this tenant. */
        Member: {
            /** @description When the person became a member, or was invited. */
            createdAt: components["schemas"]["Time"];
            email: string;
            /** Format: uuid */
            id: string;
            name: string;
            /** @description Has not accepted the invitation yet. */
            pending: boolean;
            role: components["schemas"]["Role"];
        };
        MemberChange: {
            role: components["schemas"]["Role"];
        };
        /** @description A tenant in which a person may act. */
        Membership: {
            name: string;
            role: components["schemas"]["Role"];
            slug: string;
            /** Format: uuid */
            tenantId: string;
        };
        /** @description What a device was measured at over time. */
        Metrics: {
            from: components["schemas"]["Time"];
            /** @description In the order in which they were asked for. */
            series: components["schemas"]["Series"][];
            to: components["schemas"]["Time"];
        };
        /**
         * @description Controls changes on the router for a service.
         * @enum {string}
         */
        ModeName: "observe" | "manage";
        /** @description Money in minor units. */
        MoneyItem: {
            /** @description ISO 4217. */
            currency: string;
            /**
             * Format: int64
             * @description Cents.
             */
            minor: number;
        };
        NewCustomer: {
            address?: string | null;
            email?: string | null;
            name: string;
            notes?: string | null;
            phone?: string | null;
            reference?: string | null;
        };
        /** @description A new device. */
        NewDevice: {
            /** @description An IP address. */
            address: string;
            /** @description The address unless given. */
            name?: string | null;
            reach?: components["schemas"]["ReachName"] | null;
            /**
             * Format: uuid
             * @description The router that it is behind.
             */
            routerId?: string | null;
            snmp?: components["schemas"]["SnmpSetting"] | null;
            /** @description Asks it more often. */
            watched?: boolean;
        };
        /** @description Controls changes on the router for this service. */
        NewEnforcement: {
            mode: components["schemas"]["ModeName"];
        };
        /** @description A key that was just made. */
        NewKey: components["schemas"]["ApiKey"] & {
            /** @description The key itself, shown once. */
            key: string;
        };
        /** @description A new login. It is tried only with devices that it is bound to: a community that is sent to a stranger is given away. */
        NewLogin: {
            name: string;
            /** @description And with devices in these networks, as `10.0.0.0/24`. */
            networks?: string[];
            /** @description It is tried with devices behind these routers. */
            routerIds?: string[];
            snmp: components["schemas"]["SnmpSetting"];
        };
        NewPlan: {
            /** Format: int32 */
            downKbps?: number | null;
            name: string;
            period: components["schemas"]["PeriodName"];
            price: components["schemas"]["MoneyItem"];
            /** Format: int32 */
            upKbps?: number | null;
        };
        /** @description A new router. */
        NewRouter: {
            /**
             * @description The address of the router's API, by rule its tunnel address; or a host name, which is looked up at each
             *     connect.
             */
            address: string;
            /**
             * @description Allows the login of RouterOS before 6.43; false unless given. Without TLS the password is then sent
             *     in plain before the router's challenge is known.
             */
            legacyLogin?: boolean;
            name: string;
            password: string;
            /**
             * Format: int32
             * @description 8728 unless given, or 8729 with TLS.
             */
            port?: number | null;
            /** @description Networks behind it to which this server has a route, as through the tunnel: devices there may be asked directly. */
            routed?: string[];
            tls?: components["schemas"]["TlsSetting"] | null;
            username: string;
        };
        /** @description A new service. */
        NewService: {
            /** @description Static: the customer's IPv4 address behind the router. */
            address?: string | null;
            /** Format: uuid */
            customerId?: string | null;
            enforcement?: components["schemas"]["NewEnforcement"] | null;
            /** @description Static: the router's interface towards the customer. */
            interface?: string | null;
            kind: components["schemas"]["KindName"];
            /** @description Static: the registered MAC. DHCP: the device's MAC. */
            mac?: string | null;
            /** Format: uuid */
            planId?: string | null;
            /** Format: uuid */
            routerId: string;
            suspended?: boolean;
            /** @description PPPoE: the PPP name. */
            username?: string | null;
            /** @description Static: the routing table, `main` unless given. */
            vrf?: string | null;
        };
        /** @description A tenant that was just made. */
        NewTenant: components["schemas"]["Tenant"] & {
            /** @description Shown once: the tenant's first admin takes it. */
            setupUrl: string;
        };
        /** @description A time in which a device was down. */
        OutageItem: {
            from: components["schemas"]["Time"];
            reason: components["schemas"]["DeviceReasonName"];
            /** Format: int64 */
            seconds: number;
            to?: components["schemas"]["Time"] | null;
        };
        /** @description The figures of the overview page. */
        Overview: {
            checklist: components["schemas"]["Checklist"];
            recent: components["schemas"]["RecentChange"][];
            routers: components["schemas"]["RouterCounts"];
            services: components["schemas"]["ServiceCounts"];
            trouble: components["schemas"]["TroubledRouter"][];
            /**
             * Format: int64
             * @description PPPoE user names that routers reported and no service has.
             */
            unknownUsers: number;
        };
        /** @description The overview's counts. */
        OverviewChanged: {
            items: components["schemas"]["CountsChanged"][];
            /**
             * Format: int64
             * @description Up to this place of the stream everything was told.
             */
            seq: number;
        };
        PasswordChange: {
            /** @description The password until now. */
            current: string;
            password: string;
        };
        /**
         * @description How often a plan is charged.
         * @enum {string}
         */
        PeriodName: "day" | "week" | "month" | "year";
        /** @description A plan. */
        PlanItem: {
            archived: boolean;
            archivedAt?: components["schemas"]["Time"] | null;
            createdAt: components["schemas"]["Time"];
            /** Format: int32 */
            downKbps?: number | null;
            /** @description For `If-Match`. */
            etag: string;
            /** Format: uuid */
            id: string;
            name: string;
            period: components["schemas"]["PeriodName"];
            price: components["schemas"]["MoneyItem"];
            /** Format: int32 */
            upKbps?: number | null;
        };
        PlanPatch: {
            /**
             * Format: int32
             * @default null
             */
            downKbps?: number | null;
            /** @default null */
            name?: string | null;
            /** @default null */
            period?: components["schemas"]["PeriodName"] | null;
            /** @default null */
            price?: components["schemas"]["MoneyItem"] | null;
            /**
             * Format: int32
             * @default null
             */
            upKbps?: number | null;
        };
        /** @description A port of a device, with what it carried between the last two polls. */
        PortItem: {
            /** @description What the operator calls it; may be empty. */
            alias: string;
            /**
             * Format: double
             * @description In bit/s.
             */
            bitsIn?: number | null;
            /**
             * Format: double
             * @description In bit/s.
             */
            bitsOut?: number | null;
            description: string;
            /** @description Whether the operator wants it up. */
            enabled?: boolean | null;
            /**
             * Format: double
             * @description Per second.
             */
            errorsIn?: number | null;
            /**
             * Format: double
             * @description Per second.
             */
            errorsOut?: number | null;
            /**
             * Format: int32
             * @description ifIndex. Its history is in the figures `port-in:index`, `port-out:index`, `port-errors-in:index` and
             *     `port-errors-out:index`.
             */
            index: number;
            /** @description As `up` or `down`. */
            link?: string | null;
            mac?: string | null;
            name: string;
            /**
             * Format: double
             * @description In bit/s.
             */
            speed?: number | null;
        };
        /**
         * @description Who waits for a job.
         * @enum {string}
         */
        PriorityName: "person" | "clock";
        /** @description How requests are encrypted. */
        PrivacySetting: {
            cipher: components["schemas"]["SnmpCipher"];
            /** @description At least eight characters. */
            password: string;
        };
        /** @description A problem as RFC 9457 writes it. */
        Problem: {
            /** @description Stable, for programs. */
            code: string;
            /** @description An explanation for people. */
            detail: string;
            /** @description Errors by field. */
            errors?: components["schemas"]["FieldError"][];
            /**
             * Format: int32
             * @description The HTTP status.
             */
            status: number;
            /** @description The HTTP status in words. */
            title: string;
            /** @description Always `about:blank`: `code` tells problems apart. */
            type: string;
        };
        ProblemItem: {
            /** @description Stable, for programs. */
            code: string;
            fix: string;
            message: string;
            severity: components["schemas"]["SeverityName"];
        };
        ProfileItem: {
            /** @description Commands of the administrator's own in them call the webhook. */
            hasOwnHook: boolean;
            /** @description Its scripts contain commands of the administrator's own, which stay. */
            hasOwnScript: boolean;
            /** @description Its scripts call IMSys. */
            hooked: boolean;
            name: string;
            /** @description How many secrets use it. */
            secrets: number;
        };
        /** @description The PPP profiles of a router. */
        Profiles: {
            items: components["schemas"]["ProfileItem"][];
        };
        /** @description An address that may be the customer's, static or by DHCP. */
        ProposalItem: {
            address: string;
            /**
             * Format: uuid
             * @description The archived service that was at this address or had this device, if there is one.
             */
            archivedServiceId?: string | null;
            /** @description The address comes from a lease that is no reservation, and may be another's tomorrow. */
            dynamicLease: boolean;
            interface?: string | null;
            mac?: string | null;
            /** @description From a note on the lease or queue, else what the device calls itself. Strangers choose it. */
            name?: string | null;
            seenIn: components["schemas"]["TableName"][];
            /** @description The status from the tables, without a probe. */
            status: components["schemas"]["StatusName"];
            /** @description Null is `main`, or not known. */
            vrf?: string | null;
        };
        /** @description Unassigned addresses: no service has them. */
        Proposals: {
            items: components["schemas"]["ProposalItem"][];
            /** @description Tables that the router refused to show. */
            missing: components["schemas"]["TableName"][];
            /** @description How many more there are; register some of these to see them. */
            more: number;
        };
        /**
         * @description The time that a trend shows.
         * @enum {string}
         */
        RangeName: "day" | "month";
        /**
         * @description Who asks a device: this server or its router.
         * @enum {string}
         */
        ReachName: "direct" | "router";
        /** @description One value of a device. */
        Reading: {
            at?: components["schemas"]["Time"] | null;
            /** @description What it is about, as `signal` or `cpu`. */
            class: string;
            /** @description As the device calls it. */
            descr: string;
            /** @description Which one of the class; may be empty. Its history is the figure `class:index`. */
            index: string;
            /** @description The object that it was read from. */
            oid: string;
            /** @description The name of the value, where it is a state. */
            state?: string | null;
            /** @description The MAC address of the station that it is about. */
            station?: string | null;
            /** @description As `dBm`; empty for counts and states. */
            unit: string;
            /**
             * Format: double
             * @description In the unit; null where the last poll gave none.
             */
            value?: number | null;
        };
        RecentChange: {
            at: components["schemas"]["Time"];
            customerName?: string | null;
            isOnline?: boolean | null;
            /** Format: uuid */
            routerId: string;
            routerName: string;
            /** Format: uuid */
            serviceId: string;
            source: components["schemas"]["SourceName"];
            status: components["schemas"]["StatusName"];
            username: string;
        };
        /** @description A link with which a member sets a new password, or somebody invited accepts. */
        ResetLink: {
            /** @description Shown once; works once: for a day, as an invitation for a week. */
            resetUrl: string;
        };
        /**
         * @description The role of a person or a key within a tenant; stands for [`imsys_domain::access::Role`] in the contract.
         * @enum {string}
         */
        Role: "admin" | "technician" | "support" | "cashier" | "read-only";
        /** @description A new webhook token, shown this once. */
        RotatedToken: {
            webhookToken: string;
        };
        /** @description A router after a change. */
        RouterChanged: {
            /** Format: uuid */
            id: string;
            lastSweepAt: components["schemas"]["Time"] | null;
            reason: string | null;
            /** Format: int64 */
            rev: number;
            since: components["schemas"]["Time"];
            state: components["schemas"]["RouterStateName"];
        };
        RouterCounts: {
            /** Format: int64 */
            down: number;
            /** Format: int64 */
            total: number;
            /** Format: int64 */
            unknown: number;
            /** Format: int64 */
            up: number;
        };
        /** @description A router. */
        RouterItem: {
            address: string;
            archived: boolean;
            archivedAt?: components["schemas"]["Time"] | null;
            away: components["schemas"]["AwayItem"];
            board?: string | null;
            createdAt: components["schemas"]["Time"];
            /** @description True if device-mode allows `fetch`; null where the version has no device-mode. */
            deviceModeFetch?: boolean | null;
            /** @description For `If-Match`. */
            etag: string;
            hooks: components["schemas"]["HookItem"];
            /** Format: uuid */
            id: string;
            identity?: string | null;
            lastSweepAt?: components["schemas"]["Time"] | null;
            /** @description The login of RouterOS before 6.43 is allowed. */
            legacyLogin: boolean;
            /** @description The listen told nothing while active sessions changed; it was started anew and has told nothing yet. */
            listenDeaf: boolean;
            /** @description A listen on its active sessions is being read and relied on. */
            listening: boolean;
            name: string;
            /** @description No scheduled full syncs and checks; people can still start them. */
            paused: boolean;
            /** Format: int32 */
            port: number;
            reason?: string | null;
            /**
             * Format: int64
             * @description Counts every change, as in live events.
             */
            rev: number;
            /** @description Networks behind it to which this server has a route: devices there may be asked directly. */
            routed: string[];
            services: components["schemas"]["ServiceCounts"];
            since: components["schemas"]["Time"];
            state: components["schemas"]["RouterStateName"];
            tls: components["schemas"]["TlsSetting"];
            username: string;
            version?: string | null;
        };
        /** @description A change of a router; what is not mentioned stays. */
        RouterPatch: {
            /** @default null */
            address?: string | null;
            /** @default null */
            legacyLogin?: boolean | null;
            /** @default null */
            name?: string | null;
            /** @default null */
            password?: string | null;
            /**
             * @description Pauses scheduled full syncs and checks; people can still start them.
             * @default null
             */
            paused?: boolean | null;
            /**
             * Format: int32
             * @default null
             */
            port?: number | null;
            /** @default null */
            routed?: string[] | null;
            /** @default null */
            tls?: components["schemas"]["TlsSetting"] | null;
            /** @default null */
            username?: string | null;
        };
        /** @description Routers that came, went or were synced. */
        RoutersChanged: {
            items: components["schemas"]["RouterChanged"][];
            /**
             * Format: int64
             * @description Up to this place of the stream everything was told.
             */
            seq: number;
        };
        /**
         * @description Reachability of a router.
         * @enum {string}
         */
        RouterStateName: "new" | "up" | "down";
        /** @description A kind of job at a router. */
        RunItem: components["schemas"]["StandingItem"] & {
            paused: boolean;
            /** Format: uuid */
            routerId: string;
            routerName: string;
            routerState: components["schemas"]["RouterStateName"];
        };
        /** @description What to do at a router. */
        RunNow: {
            /** @description Such as `SWEEP_PPP`; none that does a part of another one's work. */
            kind: string;
        };
        /**
         * @description How a job ended.
         * @enum {string}
         */
        RunOutcomeName: "done" | "failed";
        Segment: {
            from: components["schemas"]["Time"];
            source?: components["schemas"]["SourceName"] | null;
            status: components["schemas"]["StatusName"];
            to: components["schemas"]["Time"];
        };
        /** @description One figure over time. All lists have one length; where nothing was measured there is no entry. */
        Series: {
            /** @description When, in seconds since 1970: the begin of each step. */
            at: number[];
            avg: number[];
            /** @description As `ping` or `signal`. */
            class: string;
            /** @description Which one of the class, as `median`. */
            index: string;
            max: number[];
            min: number[];
            /**
             * Format: int32
             * @description The seconds that each value stands for; null: they are as measured.
             */
            step?: number | null;
            /** @description As `ms` or `dBm`; empty for counts and states. */
            unit: string;
        };
        /** @description A service after a change. */
        ServiceChanged: {
            /** @description Of its session or lease; left out where it has not changed. */
            address?: string | null;
            confirmedAt: components["schemas"]["Time"] | null;
            /** Format: uuid */
            id: string;
            /** @description Null is unknown. */
            isOnline: boolean | null;
            /** @description The caller of its session; left out where it has not changed. */
            mac?: string | null;
            /**
             * Format: int64
             * @description Of two states the one with the higher number is the later.
             */
            rev: number;
            /** Format: int32 */
            sessionCount: number;
            since: components["schemas"]["Time"];
            source: components["schemas"]["SourceName"] | null;
            status: components["schemas"]["StatusName"];
        };
        /** @description Services by status. */
        ServiceCounts: {
            /**
             * Format: int64
             * @description Offline.
             */
            offline: number;
            /**
             * Format: int64
             * @description Online.
             */
            online: number;
            /**
             * Format: int64
             * @description Suspended, whatever their status.
             */
            suspended: number;
            /**
             * Format: int64
             * @description All.
             */
            total: number;
            /**
             * Format: int64
             * @description Unknown.
             */
            unknown: number;
        };
        /** @description A service. */
        ServiceItem: {
            /** @description Static: the customer's. PPPoE: what the open session was given. DHCP: what the lease gave. */
            address?: string | null;
            archived: boolean;
            archivedAt?: components["schemas"]["Time"] | null;
            confirmedAt?: components["schemas"]["Time"] | null;
            createdAt: components["schemas"]["Time"];
            /** Format: uuid */
            customerId?: string | null;
            customerName?: string | null;
            enforcement: components["schemas"]["EnforcementItem"];
            /** @description For `If-Match`: counts the changes by people. */
            etag: string;
            /** Format: uuid */
            id: string;
            interface?: string | null;
            /** @description Null is unknown. */
            isOnline?: boolean | null;
            kind: components["schemas"]["KindName"];
            /** @description Static and DHCP: the registered one. PPPoE: the caller of the open session. */
            mac?: string | null;
            /** Format: uuid */
            planId?: string | null;
            planName?: string | null;
            /**
             * Format: int64
             * @description Counts every change, as in live events.
             */
            rev: number;
            /** Format: uuid */
            routerId: string;
            routerName: string;
            /**
             * Format: int32
             * @description PPPoE: open sessions. One name can be used by several devices.
             */
            sessionCount: number;
            since: components["schemas"]["Time"];
            source?: components["schemas"]["SourceName"] | null;
            status: components["schemas"]["StatusName"];
            suspended: boolean;
            username?: string | null;
            vrf?: string | null;
            /** @description Static and DHCP: the device that the last check found at the address, when another one is registered. */
            wrongMac?: string | null;
        };
        /** @description A change of a service; what is not mentioned stays. */
        ServicePatch: {
            /** @default null */
            address?: string | null;
            /**
             * Format: uuid
             * @default null
             */
            customerId?: string | null;
            /** @default null */
            enforcement?: components["schemas"]["NewEnforcement"] | null;
            /** @default null */
            interface?: string | null;
            /** @default null */
            kind?: components["schemas"]["KindName"] | null;
            /** @default null */
            mac?: string | null;
            /**
             * Format: uuid
             * @default null
             */
            planId?: string | null;
            /**
             * Format: uuid
             * @default null
             */
            routerId?: string | null;
            /** @default null */
            suspended?: boolean | null;
            /** @default null */
            username?: string | null;
            /** @default null */
            vrf?: string | null;
        };
        /** @description Services whose status, session or address changed. */
        ServicesChanged: {
            items: components["schemas"]["ServiceChanged"][];
            /**
             * Format: int64
             * @description Up to this place of the stream everything was told.
             */
            seq: number;
        };
        /** @description The signed-in person and their rights here. */
        Session: {
            /** @description This is a simulated town. */
            demo: boolean;
            /** @description Passwords and sessions travel over plain HTTP. */
            insecure: boolean;
            memberships: components["schemas"]["Membership"][];
            /**
             * @description The rights of that role.
             * @example [
             *       "read",
             *       "services.write"
             *     ]
             */
            rights: string[];
            role?: components["schemas"]["Role"] | null;
            tenant?: components["schemas"]["TenantPlace"] | null;
            user: components["schemas"]["User"];
            /** @description Of the server. */
            version: string;
        };
        /** @description A PPP session, or the time in which a DHCP customer's device held an address. */
        SessionItem: {
            address?: string | null;
            cause?: components["schemas"]["EndCauseName"] | null;
            /**
             * Format: uuid
             * @description Who has the service now.
             */
            customerId?: string | null;
            customerName?: string | null;
            endedAt?: components["schemas"]["Time"] | null;
            /** Format: uuid */
            id: string;
            mac?: string | null;
            /** Format: uuid */
            routerId: string;
            routerName: string;
            /** Format: uuid */
            serviceId: string;
            /** @description The source that opened it. */
            source: components["schemas"]["SourceName"];
            /** @description By DHCP, when a check first saw the address. */
            startedAt: components["schemas"]["Time"];
            /**
             * Format: int64
             * @description How long it lasted, or has lasted.
             */
            uptimeSeconds: number;
            /** @description By DHCP the MAC address. */
            username: string;
        };
        /** @description A tenant's settings. */
        Settings: {
            /** @description The currency of new plans. */
            currency: string;
            /**
             * Format: int32
             * @description Months that sessions and events are kept.
             */
            historyMonths: number;
            /** @description The ISP's name. */
            name: string;
            /** @description The IP address under which this ISP's routers see the server; empty: what `network.server_address` says. */
            serverAddress: string;
            /**
             * Format: int32
             * @description Seconds between two checks of a router's static customers and those by DHCP.
             */
            staticCheckSeconds: number;
            /**
             * Format: int32
             * @description Seconds between two full syncs of a router.
             */
            sweepSeconds: number;
            /** @description The URL at which this ISP's routers reach the server; empty: what `http.public_url` says. */
            webhookUrl: string;
        };
        /** @description Settings to change; what is left out stays. */
        SettingsChange: {
            /** @example KES */
            currency?: string | null;
            /** Format: int32 */
            historyMonths?: number | null;
            name?: string | null;
            /** @example 10.255.0.1 */
            serverAddress?: string | null;
            /** Format: int32 */
            staticCheckSeconds?: number | null;
            /** Format: int32 */
            sweepSeconds?: number | null;
            /** @example https://imsys.example.net */
            webhookUrl?: string | null;
        };
        /** @description The answers of a person who takes a link. */
        Setup: {
            /** @description Required unless the link names a person. */
            email?: string | null;
            /** @description Needed unless the person has a name already. */
            name?: string | null;
            password: string;
            /** @description Needed when the link makes a tenant. */
            tenantName?: string | null;
            token: string;
        };
        /** @description The purpose of a set-up link. */
        SetupInfo: {
            /** @description The address that the link is for; null when its holder types it. */
            email?: string | null;
            kind: components["schemas"]["SetupKind"];
            /** @description The address has an account: its owner signs in and accepts (`POST /api/v1/setup/accept`). */
            known: boolean;
            /** @description The name that the link was made for. */
            name?: string | null;
            /** @description Where it leads; null when it makes a tenant. */
            tenantName?: string | null;
        };
        /**
         * @description The purpose of a one-time link.
         * @enum {string}
         */
        SetupKind: "first" | "invite" | "reset" | "demo";
        /** @description A set-up link. */
        SetupLink: {
            /** @description Shown once; whoever takes it becomes an admin of the tenant. */
            setupUrl: string;
        };
        /**
         * @description How much a router's problem matters.
         * @enum {string}
         */
        SeverityName: "error" | "warning";
        /** @description One value that a row changes. */
        SheetChange: {
            /** @description The column. */
            field: string;
            new?: string | null;
            old?: string | null;
        };
        /** @description The result of an import or of its dry run. */
        SheetResult: {
            /** @description Services that were made, or would be. */
            created: number;
            /** @description Customers who were made, or would be. */
            customersCreated: number;
            /**
             * Format: uuid
             * @description Names the act, for its undo (`/services/bulk/{id}/undo`) and for its rows in the log; null when nothing was done.
             */
            id?: string | null;
            /** @description Columns whose name says nothing here. */
            ignoredColumns: string[];
            /** @description Rows that cannot be brought in. While there is one nothing is, unless the good rows are wanted alone. */
            refused: number;
            /** @description Archived services that came back, or would. */
            restored: number;
            rows: components["schemas"]["SheetRow"][];
            /** @description Rows that were left out because their service is here. */
            skipped: number;
            /** @description Services that were changed, or would be. */
            updated: number;
        };
        SheetRow: {
            action: components["schemas"]["FateName"];
            address?: string | null;
            /** @description What it changes of a service that is here or comes back. */
            changes: components["schemas"]["SheetChange"][];
            customer?: string | null;
            kind?: components["schemas"]["KindName"] | null;
            mac?: string | null;
            plan?: string | null;
            /** @description The problem and its fix, why the row is left out, or what else there is to know of it. */
            problem?: string | null;
            router?: string | null;
            /**
             * Format: int64
             * @description Its row in the file; the header is row 1.
             */
            row: number;
            /** Format: uuid */
            serviceId?: string | null;
            username?: string | null;
        };
        /** @description A browser in which this person is signed in. */
        SignIn: {
            /** @description The address that the sign-in came from. */
            address?: string | null;
            /** @description The browser as it named itself. */
            agent: string;
            createdAt: components["schemas"]["Time"];
            /** @description This is the browser that asks. */
            current: boolean;
            /** Format: uuid */
            id: string;
            /** @description Last used; a minute is as near as this is kept. */
            seenAt: components["schemas"]["Time"];
            /** @description The tenant in which it acts. */
            tenantName?: string | null;
        };
        /** @description The browsers in which this person is signed in. */
        SignIns: {
            items: components["schemas"]["SignIn"][];
        };
        /**
         * @description The ciphers of SNMPv3; `aes256-reeder` is what Cisco has.
         * @enum {string}
         */
        SnmpCipher: "aes128" | "aes192" | "aes256" | "aes256-reeder";
        /**
         * @description The hashes of SNMPv3.
         * @enum {string}
         */
        SnmpHash: "md5" | "sha1" | "sha224" | "sha256" | "sha384" | "sha512";
        /** @description How a device is asked by SNMP. */
        SnmpItem: {
            access?: components["schemas"]["AccessItem"] | null;
            /**
             * Format: uuid
             * @description The login that it answers to, where it has none of its own.
             */
            loginId?: string | null;
            polledAt?: components["schemas"]["Time"] | null;
            since: components["schemas"]["Time"];
            state: components["schemas"]["SnmpStateName"];
            triedAt?: components["schemas"]["Time"] | null;
        };
        /** @description How an SNMP agent is asked. What is secret is never shown again. */
        SnmpSetting: {
            auth?: components["schemas"]["AuthSetting"] | null;
            /** @description Of versions 1 and 2c. */
            community?: string | null;
            /**
             * Format: int32
             * @description 161 unless given.
             */
            port?: number | null;
            privacy?: components["schemas"]["PrivacySetting"] | null;
            /** @description Of version 3. */
            user?: string | null;
            /**
             * @description `1`, `2c` or `3`.
             * @example 2c
             */
            version: string;
        };
        /**
         * @description Whether a device answers SNMP.
         * @enum {string}
         */
        SnmpStateName: "untried" | "answers" | "silent" | "refused" | "no-route" | "no-login";
        /**
         * @description The source of a status.
         * @enum {string}
         */
        SourceName: "webhook" | "listen" | "sweep" | "router" | "arp" | "probe" | "queue" | "lease";
        /** @description A kind of job: how it went the last time, and when it is due again. */
        StandingItem: {
            /** @description Why it failed, and what mends it. */
            error?: string | null;
            /** @description Such as `SWEEP_PPP`. */
            kind: string;
            /** @description The kind as people know it. */
            label: string;
            lastAt?: components["schemas"]["Time"] | null;
            nextAt?: components["schemas"]["Time"] | null;
            outcome?: components["schemas"]["RunOutcomeName"] | null;
            /**
             * @description The kind whose work this one does a part of, such as `CHECK_STATIC_USERS` of `CHECK_STATIC_REST`; null for one that
             *     stands alone.
             */
            partOf?: string | null;
            /**
             * Format: int64
             * @description Milliseconds; null where no job ran, as for the full sync right after a router connects.
             */
            tookMs?: number | null;
        };
        /**
         * @description Online, offline or unknown.
         * @enum {string}
         */
        StatusName: "online" | "offline" | "unknown";
        /**
         * @description The table of a router that showed an address.
         * @enum {string}
         */
        TableName: "arp" | "lease" | "queue";
        /** @description An ISP on this installation. */
        Tenant: {
            counts: components["schemas"]["TenantCounts"];
            createdAt: components["schemas"]["Time"];
            /** Format: uuid */
            id: string;
            name: string;
            /** @description Its name in URLs. */
            slug: string;
        };
        /** @description How much it has. */
        TenantCounts: {
            /** Format: int64 */
            customers: number;
            /** Format: int64 */
            members: number;
            /** Format: int64 */
            routers: number;
            /** Format: int64 */
            services: number;
        };
        /** @description A tenant's name. */
        TenantName: {
            name: string;
        };
        /** @description A tenant. */
        TenantPlace: {
            /** Format: uuid */
            id: string;
            name: string;
            slug: string;
        };
        /** @description The result of a test. */
        TestResult: {
            board?: string | null;
            identity?: string | null;
            /** @description False exactly when there is an error among the problems. */
            ok: boolean;
            problems: components["schemas"]["ProblemItem"][];
            version?: string | null;
        };
        /** Format: date-time */
        Time: string;
        /** @description A service's status over a span of time. */
        Timeline: {
            from: components["schemas"]["Time"];
            /** @description Without gaps, oldest first. */
            segments: components["schemas"]["Segment"][];
            to: components["schemas"]["Time"];
        };
        /** @description TLS for the API: `false`, or the SHA-256 fingerprint of the router's certificate. */
        TlsSetting: boolean | string;
        /** @description Services by status over time. */
        Trend: {
            from: components["schemas"]["Time"];
            /**
             * Format: int64
             * @description The length of an interval.
             */
            intervalSeconds: number;
            /** @description Intervals in their order. Intervals in which nobody counted, as while the server was down, are missing. */
            points: components["schemas"]["TrendPoint"][];
            range: components["schemas"]["RangeName"];
            to: components["schemas"]["Time"];
        };
        /** @description Services by status in one interval, on average. */
        TrendPoint: {
            /** @description When the interval begins. */
            at: components["schemas"]["Time"];
            /**
             * Format: int64
             * @description The least that were online at one count of the interval.
             */
            lowestOnline: number;
            /** Format: int64 */
            offline: number;
            /** Format: int64 */
            online: number;
            /**
             * Format: int64
             * @description Nobody could say: their router was away. Not part of those offline.
             */
            unknown: number;
        };
        TroubledRouter: {
            /** Format: uuid */
            id: string;
            name: string;
            reason?: string | null;
            /**
             * Format: int64
             * @description How many services are behind it.
             */
            services: number;
            since: components["schemas"]["Time"];
            state: components["schemas"]["RouterStateName"];
        };
        /** @description A PPPoE user that the router reported and no service has. */
        UnknownUserItem: {
            /**
             * Format: uuid
             * @description The archived service that had this name, if there is one.
             */
            archivedServiceId?: string | null;
            /** Format: int64 */
            count: number;
            firstSeen: components["schemas"]["Time"];
            lastSeen: components["schemas"]["Time"];
            source: components["schemas"]["SourceName"];
            username: string;
        };
        /** @description Which name. */
        UnknownUserName: {
            username: string;
        };
        /**
         * @description What a service carried. Totals are lower bounds: what was counted before a counter was reset and after the last look
         *     is not known.
         */
        Usage: {
            /** @description Days (UTC) with the bytes of each; those without any are missing. */
            days: components["schemas"]["UsageDay"][];
            from: components["schemas"]["Time"];
            /** @description A queue counts, and FastTrack passes it by: much is missing. */
            incomplete: boolean;
            rates: components["schemas"]["UsageRates"];
            readAt?: components["schemas"]["Time"] | null;
            source?: components["schemas"]["CounterSourceName"] | null;
            to: components["schemas"]["Time"];
            total: components["schemas"]["UsageBytes"];
        };
        /** @description Bytes from and to the customer. */
        UsageBytes: {
            /** Format: double */
            down: number;
            /** Format: double */
            up: number;
        };
        /** @description Bytes of a day. */
        UsageDay: {
            /** @description When the day begins. */
            at: components["schemas"]["Time"];
            /** Format: double */
            down: number;
            /** Format: double */
            up: number;
        };
        /** @description One direction. */
        UsageRate: {
            /** @description When, in seconds since 1970. */
            at: number[];
            avg: number[];
            max: number[];
            /**
             * Format: int32
             * @description The seconds that each value stands for; null: each is the mean since the look before.
             */
            step?: number | null;
        };
        /**
         * @description Bits per second from and to the customer over time. Lists of one direction have one length; where nothing was counted
         *     there is no entry.
         */
        UsageRates: {
            down: components["schemas"]["UsageRate"];
            up: components["schemas"]["UsageRate"];
        };
        /** @description A person of this installation. */
        User: {
            email: string;
            /** Format: uuid */
            id: string;
            name: string;
            /** @description May manage tenants. */
            platform: boolean;
        };
        /**
         * @description The weight of a piece of evidence.
         * @enum {string}
         */
        VerdictName: "ok" | "warn" | "bad" | "info";
        /**
         * @description How a router reaches this server, as its script says it. Null: nobody has set it, and the script cannot be
         *     used before (`PATCH /api/v1/settings`, `webhookUrl` and `serverAddress`).
         */
        WayBack: {
            /** @description The address that its firewall and its API user let in. */
            serverAddress?: string | null;
            /** @description The URL that its hooks call. */
            webhookUrl?: string | null;
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export type operations = Record<string, never>;
