/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.dns;

import java.util.concurrent.CompletableFuture;

/**
 * One question to DNS, without cache and without rules. Implementations are thread-safe and never block the caller. The
 * futures complete on any thread, and normally: what goes wrong is an {@code Unavailable} answer. (Those who ask still
 * survive a future that fails, or never completes.)
 *
 * <p>Names are absolute: the system's search domains are never applied.
 */
public interface Resolver {
    /**
     * The MX records of a domain.
     *
     * @param asciiName A-labels, with or without a trailing dot
     */
    CompletableFuture<MxAnswer> mailExchangers(String asciiName);

    /**
     * The IPv6 and IPv4 addresses of a host.
     *
     * @param hostName A-labels, with or without a trailing dot; never an address
     */
    CompletableFuture<AddressAnswer> addresses(String hostName);

    /** {@link #mailExchangers}, and where the answer comes from as far as this resolver knows. */
    default CompletableFuture<SourcedAnswer<MxAnswer>> sourcedExchangers(String asciiName) {
        return mailExchangers(asciiName).thenApply(SourcedAnswer::unknown);
    }

    /** {@link #addresses}, and where the answer comes from as far as this resolver knows. */
    default CompletableFuture<SourcedAnswer<AddressAnswer>> sourcedAddresses(String hostName) {
        return addresses(hostName).thenApply(SourcedAnswer::unknown);
    }

    /** Whether it keeps answers itself, so that nobody needs to keep them once more. */
    default boolean isCache() {
        return false;
    }
}
