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
import java.util.List;
import java.util.Random;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jamesoutgoing.dns.FakeDnsServer.Behaviour;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who gave an answer, and whether it was known already. */
class SourcedAnswerTest {
    private final FakeDnsServer first = new FakeDnsServer();
    private final FakeDnsServer second = new FakeDnsServer();
    private final AtomicLong nanos = new AtomicLong();
    private Resolver resolver;

    @BeforeEach
    void start() {
        String zone = "example.com. 300 IN MX 10 mx.example.com.\nmx.example.com. 200 IN A 192.0.2.1\n";
        first.start().with(zone);
        second.start().with(zone);
        resolver = new CachingResolver(
                new DnsjavaResolver(
                        DnsServers.of("127.0.0.1:" + first.port() + ",127.0.0.1:" + second.port()),
                        Duration.ofSeconds(15),
                        1,
                        ForkJoinPool.commonPool(),
                        nanos::get),
                ExchangerOptions.DEFAULT,
                nanos::get);
    }

    @AfterEach
    void stop() {
        first.close();
        second.close();
    }

    private SourcedAnswer<MxAnswer> ask(String name) throws Exception {
        return resolver.sourcedExchangers(name).get(30, TimeUnit.SECONDS);
    }

    @Test
    void theServerThatAnsweredIsNamed() throws Exception {
        first.behave("example.com", Behaviour.REFUSED);
        assertThat(ask("example.com").servers()).containsExactly("127.0.0.1:" + second.port());
    }

    @Test
    void nobodyIsNamedWhenNobodyAnswered() throws Exception {
        first.behave("example.com", Behaviour.REFUSED);
        second.behave("example.com", Behaviour.SERVFAIL);
        assertThat(ask("example.com").servers()).isEmpty();
    }

    @Test
    void theNextAnswerComesFromTheCacheWithItsSourceAndTheTimeItHasLeft() throws Exception {
        assertThat(ask("example.com").cached()).isFalse();
        nanos.addAndGet(TimeUnit.SECONDS.toNanos(100));
        SourcedAnswer<MxAnswer> again = ask("EXAMPLE.com.");
        assertThat(again.cached()).isTrue();
        assertThat(again.servers()).containsExactly("127.0.0.1:" + first.port());
        assertThat(again.answer().ttl()).isEqualTo(Duration.ofSeconds(200));
        nanos.addAndGet(TimeUnit.SECONDS.toNanos(201));
        assertThat(ask("example.com").cached()).isFalse();
    }

    @Test
    void aLookUpThatIsRecordedUsesTheSameCache() throws Exception {
        RecordingResolver recorder = new RecordingResolver(resolver, nanos::get);
        ExchangerLookup lookup = new ExchangerLookup(
                recorder, ExchangerOptions.DEFAULT, (h, a) -> false, new Random(1), Clock.systemUTC(), nanos::get);
        assertThat(ask("example.com").cached()).isFalse();

        assertThat(lookup.lookup("example.com", 25).get(30, TimeUnit.SECONDS)).isInstanceOf(Exchangers.MailHosts.class);

        List<RecordingResolver.Asked> asked = recorder.asked();
        assertThat(asked).extracting(RecordingResolver.Asked::type).containsExactly("MX", "AAAA+A");
        assertThat(asked).extracting(RecordingResolver.Asked::cached).containsExactly(true, false);
        assertThat(asked.get(0).records()).containsExactly("10 mx.example.com");
        assertThat(asked.get(1).records()).containsExactly("192.0.2.1");
        assertThat(recorder.preferences()).containsEntry("mx.example.com", 10);
        assertThat(first.asked("example.com", "MX")).isEqualTo(1);
    }
}
