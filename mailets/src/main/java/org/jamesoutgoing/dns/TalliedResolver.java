/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.dns;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/** Asks another resolver and counts what comes of it. Belongs below the cache, so that it sees real questions only. */
public final class TalliedResolver implements Resolver {

    private final Resolver resolver;
    private final LookupTally tally;

    public TalliedResolver(Resolver resolver, LookupTally tally) {
        this.resolver = resolver;
        this.tally = tally;
    }

    @Override
    public CompletableFuture<MxAnswer> mailExchangers(String asciiName) {
        return sourcedExchangers(asciiName).thenApply(SourcedAnswer::answer);
    }

    @Override
    public CompletableFuture<AddressAnswer> addresses(String hostName) {
        return sourcedAddresses(hostName).thenApply(SourcedAnswer::answer);
    }

    @Override
    public CompletableFuture<SourcedAnswer<MxAnswer>> sourcedExchangers(String asciiName) {
        return counted(
                asciiName,
                resolver.sourcedExchangers(asciiName),
                answer -> answer instanceof MxAnswer.Unavailable not ? Optional.of(not.why()) : Optional.empty());
    }

    @Override
    public CompletableFuture<SourcedAnswer<AddressAnswer>> sourcedAddresses(String hostName) {
        return counted(
                hostName,
                resolver.sourcedAddresses(hostName),
                answer -> answer instanceof AddressAnswer.Unavailable not ? Optional.of(not.why()) : Optional.empty());
    }

    private <A> CompletableFuture<SourcedAnswer<A>> counted(
            String name, CompletableFuture<SourcedAnswer<A>> answer, Function<A, Optional<String>> trouble) {
        return answer.whenComplete((sourced, e) -> {
            Optional<String> why = e == null ? trouble.apply(sourced.answer()) : Optional.of(e.toString());
            why.ifPresentOrElse(reason -> tally.failed(name, reason), () -> tally.answered(name));
        });
    }

    @Override
    public boolean isCache() {
        return resolver.isCache();
    }
}
