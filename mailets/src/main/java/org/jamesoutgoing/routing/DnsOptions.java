/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.routing;

import java.time.Duration;
import java.util.Optional;
import org.jamesoutgoing.dns.DnsServers;

/**
 * How the exchangers and hosts of a route are looked up.
 *
 * @param servers to ask; empty: those James asks
 * @param parentDomain whether a domain without mail exchanger gets its parent domain's
 * @param localExchangers whether an exchanger may have a loopback or link-local address
 * @param timeout of one question to one server
 */
public record DnsOptions(
        Optional<DnsServers> servers, boolean parentDomain, boolean localExchangers, Duration timeout) {

    /** James's own servers, 3 s. */
    public static final DnsOptions DEFAULT = new DnsOptions(Optional.empty(), false, false, Duration.ofSeconds(3));
}
