/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.dns;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Every question counts as what its answer is; the answer itself is not touched. */
class TalliedResolverTest {

    private final LookupTally tally = new LookupTally(Clock.fixed(Instant.EPOCH, ZoneOffset.UTC));
    private final ScriptedResolver servers = new ScriptedResolver();
    private final TalliedResolver resolver = new TalliedResolver(servers, tally);

    @Test
    void answersPassAsTheyAre() {
        MxAnswer records =
                new MxAnswer.Records("a.example", List.of(new MxRecord(10, "mx.a.example")), Duration.ofHours(1));
        AddressAnswer none = new AddressAnswer.Unavailable("timed out");
        servers.mx("a.example", records).address("mx.a.example", none);

        assertThat(resolver.mailExchangers("a.example").join()).isEqualTo(records);
        assertThat(resolver.addresses("mx.a.example").join()).isEqualTo(none);
        assertThat(servers.asked).containsExactly("a.example MX", "mx.a.example A");
        assertThat(resolver.isCache()).isFalse();
    }

    @Test
    void noAnswerIsAFailureWhateverWasAsked() {
        servers.mx("a.example", new MxAnswer.Unavailable("SERVFAIL", Duration.ZERO));
        servers.address("b.example", new AddressAnswer.Unavailable("SERVFAIL"));
        servers.exchangers.put(
                "c.example", CompletableFuture.failedFuture(new IllegalStateException("no route to the server")));

        resolver.mailExchangers("a.example").join();
        resolver.addresses("b.example").join();
        assertThat(resolver.sourcedExchangers("c.example")).isCompletedExceptionally();

        LookupTally.Failing failing = tally.failing().orElseThrow();
        assertThat(failing.failed()).isEqualTo(3);
        assertThat(failing.lookups()).isEqualTo(3);
        assertThat(failing.why()).contains("no route to the server");
    }

    @Test
    void thatThereIsNothingIsAnAnswer() {
        servers.mx("a.example", new MxAnswer.NoSuchName(Duration.ZERO));
        servers.mx("b.example", new MxAnswer.NoData("b.example", Duration.ZERO));
        servers.address("c.example", new AddressAnswer.NoSuchName(Duration.ZERO));

        resolver.mailExchangers("a.example").join();
        resolver.mailExchangers("b.example").join();
        resolver.addresses("c.example").join();

        assertThat(tally.failing()).isEmpty();
    }

    @Test
    void aCacheAboveItIsNotCounted() {
        for (String name : List.of("a.example", "b.example", "c.example")) {
            servers.mx(name, new MxAnswer.Unavailable("SERVFAIL", Duration.ZERO));
        }
        CachingResolver cache = new CachingResolver(resolver, ExchangerOptions.DEFAULT, () -> 0);
        for (int i = 0; i < 5; i++) {
            for (String name : List.of("a.example", "b.example", "c.example")) {
                cache.mailExchangers(name).join();
            }
        }
        assertThat(tally.failing().orElseThrow().lookups()).isEqualTo(3);
    }
}
