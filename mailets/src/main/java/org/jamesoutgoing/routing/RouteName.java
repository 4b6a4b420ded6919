/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.routing;

import org.jamesoutgoing.dns.DomainNames;
import org.jamesoutgoing.settings.OptionException;

/**
 * What a route is for: one domain ({@code example.com}), all domains below one ({@code *.example.com}, which is not for
 * {@code example.com} itself), or everything ({@code *}, the default route). In A-labels, lower case, without a trailing dot.
 */
public record RouteName(String text) {

    public static final RouteName DEFAULT = new RouteName("*");

    private static final String BELOW = "*.";

    public static final String ALLOWED = "a domain, *.domain for all its subdomains, or * for everything";

    /**
     * Any spelling.
     *
     * @throws OptionException named {@code domain}, when it is none
     */
    public static RouteName parse(String text) {
        String trimmed = text.trim();
        if (trimmed.equals("*")) {
            return DEFAULT;
        }
        String prefix = trimmed.startsWith(BELOW) ? BELOW : "";
        return DomainNames.canonical(trimmed.substring(prefix.length()))
                .map(domain -> new RouteName(prefix + domain))
                .orElseThrow(() -> OptionException.wrong("domain", trimmed, ALLOWED));
    }

    /** The name of a wildcard route. */
    static RouteName below(String domain) {
        return new RouteName(BELOW + domain);
    }

    public boolean isDefault() {
        return equals(DEFAULT);
    }

    public boolean isWildcard() {
        return text.startsWith(BELOW);
    }

    /** Whether it is for one domain only. */
    public boolean isOneDomain() {
        return !isDefault() && !isWildcard();
    }

    @Override
    public String toString() {
        return text;
    }
}
