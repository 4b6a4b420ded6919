/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.dns;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.jamesoutgoing.settings.Changed;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CachingResolverTest {
    private final AtomicLong nanos = new AtomicLong();
    private final ScriptedResolver upstream = new ScriptedResolver();
    private final CachingResolver cache = new CachingResolver(upstream, ExchangerOptions.DEFAULT, nanos::get);

    /** RFC 1035 §3.2.1 (TTL), RFC 2308 §5 and §7 (negative answers and failures), within our bounds. */
    @ParameterizedTest
    @CsvSource({
        "records, 300, 300",
        "records, 0, 1",
        "records, 999999, 3600",
        "none, 60, 60",
        "none, 0, 1",
        "none, 999999, 300",
        "unknown, 60, 60",
        "unknown, 999999, 300",
        "failure, 999999, 5",
        "failure, 0, 5",
    })
    void answersAreKeptAsLongAsTheyMayBe(String kind, int ttl, int kept) {
        upstream.mx("example.com", mx(kind, Duration.ofSeconds(ttl)));
        assertThat(ask().ttl()).isEqualTo(Duration.ofSeconds(kept));
        pass(Duration.ofSeconds(kept).minusMillis(1));
        assertThat(ask().ttl()).isEqualTo(Duration.ofMillis(1));
        assertThat(upstream.asked).hasSize(1);
        pass(Duration.ofMillis(1));
        ask();
        assertThat(upstream.asked).hasSize(2);
    }

    @ParameterizedTest
    @CsvSource({"records, 300, 300", "none, 999999, 300", "unknown, 60, 60", "failure, 999999, 5"})
    void soAreAddresses(String kind, int ttl, int kept) {
        upstream.address("host.example", address(kind, Duration.ofSeconds(ttl)));
        assertThat(cache.addresses("host.example").join().ttl()).isEqualTo(Duration.ofSeconds(kept));
        pass(Duration.ofSeconds(kept));
        cache.addresses("host.example").join();
        assertThat(upstream.asked).hasSize(2);
    }

    @Test
    void allSpellingsOfANameAreOne() {
        upstream.mx("example.com", mx("records", Duration.ofSeconds(60)));
        cache.mailExchangers("Example.COM.").join();
        cache.mailExchangers("example.com").join();
        assertThat(upstream.asked).containsExactly("example.com MX");
    }

    @Test
    void aQuestionOnItsWayIsNotAskedTwiceAndCannotBeSpoiltByOneWhoWaits() {
        CompletableFuture<MxAnswer> answer = new CompletableFuture<>();
        upstream.exchangers.put("example.com", answer);
        CompletableFuture<MxAnswer> one = cache.mailExchangers("example.com");
        CompletableFuture<MxAnswer> other = cache.mailExchangers("example.com");
        one.complete(new MxAnswer.Unavailable("spoilt"));
        answer.complete(mx("records", Duration.ofSeconds(60)));
        assertThat(other.join()).isInstanceOf(MxAnswer.Records.class);
        assertThat(upstream.asked).hasSize(1);
    }

    @Test
    void aResolverThatFailsOrThrowsMeansUnavailable() {
        upstream.exchangers.put("example.com", CompletableFuture.failedFuture(new IllegalStateException("bug\n")));
        assertThat(ask()).isInstanceOf(MxAnswer.Unavailable.class);
        Resolver throwing = new CachingResolver(
                new Resolver() {
                    @Override
                    public CompletableFuture<MxAnswer> mailExchangers(String asciiName) {
                        throw new IllegalStateException("bug");
                    }

                    @Override
                    public CompletableFuture<AddressAnswer> addresses(String hostName) {
                        return CompletableFuture.completedFuture(null);
                    }
                },
                ExchangerOptions.DEFAULT,
                nanos::get);
        assertThat(throwing.mailExchangers("example.com").join()).isInstanceOf(MxAnswer.Unavailable.class);
        assertThat(throwing.addresses("example.com").join()).isInstanceOf(AddressAnswer.Unavailable.class);
    }

    @Test
    void aResolverThatNeverAnswersMeansUnavailable() {
        ExchangerOptions options = Changed.of(ExchangerOptions.DEFAULT, "deadline", Duration.ofMillis(20));
        assertThat(new CachingResolver(upstream, options, nanos::get)
                        .mailExchangers("example.com")
                        .join())
                .isInstanceOf(MxAnswer.Unavailable.class);
    }

    @Test
    void nothingIsKeptWhereNothingMayBe() {
        ExchangerOptions options = Changed.of(
                ExchangerOptions.DEFAULT,
                "minTtl",
                Duration.ZERO,
                "maxTtl",
                Duration.ofHours(1),
                "negativeTtl",
                Duration.ZERO,
                "failureTtl",
                Duration.ZERO);
        CachingResolver forgetful = new CachingResolver(upstream, options, nanos::get);
        upstream.mx("example.com", mx("failure", Duration.ZERO));
        forgetful.mailExchangers("example.com").join();
        pass(Duration.ofNanos(1));
        forgetful.mailExchangers("example.com").join();
        assertThat(upstream.asked).hasSize(2);
    }

    @Test
    void theNumberOfNamesIsBounded() {
        ExchangerOptions o = ExchangerOptions.DEFAULT;
        CachingResolver small = new CachingResolver(
                upstream,
                new ExchangerOptions(
                        false,
                        false,
                        o.minTtl(),
                        o.maxTtl(),
                        o.negativeTtl(),
                        o.failureTtl(),
                        o.deadline(),
                        20,
                        16,
                        10),
                nanos::get);
        for (int i = 0; i < 200; i++) {
            upstream.mx("d" + i + ".example", mx("records", Duration.ofMinutes(5)));
        }
        for (int i = 0; i < 400; i++) {
            small.mailExchangers("d" + i % 200 + ".example").join();
        }
        assertThat(upstream.asked).hasSizeBetween(390, 400);
    }

    private MxAnswer ask() {
        return cache.mailExchangers("example.com").join();
    }

    private void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
    }

    private static MxAnswer mx(String kind, Duration ttl) {
        return switch (kind) {
            case "records" -> new MxAnswer.Records("example.com", List.of(new MxRecord(1, "mx.example.com")), ttl);
            case "none" -> new MxAnswer.NoData("example.com", ttl);
            case "unknown" -> new MxAnswer.NoSuchName(ttl);
            default -> new MxAnswer.Unavailable("SERVFAIL", ttl);
        };
    }

    private static AddressAnswer address(String kind, Duration ttl) {
        return switch (kind) {
            case "records" -> new AddressAnswer.Addresses(List.of(InetAddress.getLoopbackAddress()), ttl);
            case "none" -> new AddressAnswer.NoData(ttl);
            case "unknown" -> new AddressAnswer.NoSuchName(ttl);
            default -> new AddressAnswer.Unavailable("SERVFAIL", ttl);
        };
    }
}
