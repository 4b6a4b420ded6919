/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.routing;

import java.util.Locale;
import org.jamesoutgoing.dns.DomainNames;

/**
 * Where a mail goes as far as it is known without DNS: a domain in independent mode, or a set of relay hosts. Recipients
 * of one destination travel in one mail.
 *
 * @param key equal for equal destinations; also the key under which mail waits
 * @param name short, for the names of split mails and for log lines: the domain or the first relay host
 * @param domain the recipients' domain in independent mode; empty in relay mode
 */
public record Destination(String key, String name, String domain, Route route) {

    static Destination domain(Route route, String domain) {
        String canonical = DomainNames.canonical(domain).orElse(domain.toLowerCase(Locale.ROOT));
        return new Destination("domain:" + canonical, canonical, AddressLiterals.withBrackets(canonical), route);
    }

    /** @param key the same for routes that deliver in the same way */
    static Destination relay(Route route, RouteMode.Relay relay, long key) {
        return new Destination("relay:" + key, relay.hosts().get(0).host(), "", route);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Destination that && key.equals(that.key);
    }

    @Override
    public int hashCode() {
        return key.hashCode();
    }
}
