/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.dns;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.apache.james.dnsservice.api.DNSService;
import org.apache.james.dnsservice.api.InMemoryDNSService;
import org.apache.james.dnsservice.api.TemporaryResolutionException;
import org.junit.jupiter.api.Test;

class JamesDnsResolverTest {
    private static final InetAddress ADDRESS = IpAddresses.parse("192.0.2.1").orElseThrow();

    private final InMemoryDNSService dns = new InMemoryDNSService();
    private final JamesDnsResolver resolver = new JamesDnsResolver(dns, Runnable::run);

    @Test
    void thePlaceInTheListIsThePreference() {
        dns.registerRecord("example.com", List.of(), List.of("MX1.example.com.", "mx2.example.com"), List.of());
        assertThat(resolver.mailExchangers("example.com").join())
                .isEqualTo(new MxAnswer.Records(
                        "example.com",
                        List.of(new MxRecord(0, "mx1.example.com"), new MxRecord(1, "mx2.example.com")),
                        Duration.ZERO));
    }

    @Test
    void theRootIsANullMx() { // RFC 7505
        dns.registerRecord("null.example", List.of(ADDRESS), List.of("."), List.of());
        assertThat(lookup("null.example")).isEqualTo(new Exchangers.NullMx("null.example"));
    }

    @Test
    void aDomainWithoutExchangersIsItsOwn() { // RFC 5321 §5.1
        dns.registerRecord("plain.example", List.of(ADDRESS), List.of(), List.of());
        assertThat(((Exchangers.MailHosts) lookup("plain.example")).exchangers())
                .containsExactly(new MailExchanger("plain.example", 0, List.of(ADDRESS)));
    }

    @Test
    void anUnknownNameDoesNotExistHoweverTheServiceSaysSo() {
        assertThat(resolver.mailExchangers("nowhere.example").join()).isEqualTo(new MxAnswer.NoSuchName(Duration.ZERO));
        assertThat(resolver.addresses("nowhere.example").join()).isEqualTo(new AddressAnswer.NoSuchName(Duration.ZERO));
        assertThat(lookup("nowhere.example")).isEqualTo(new Exchangers.NoSuchDomain("nowhere.example"));
    }

    @Test
    void aNameWithoutAddressesIsThatAndNotAnException() {
        dns.registerRecord("text.example", List.of(), List.of(), List.of("text"));
        assertThat(lookup("text.example")).isEqualTo(new Exchangers.NoMailHost("text.example"));
    }

    @Test
    void temporaryTroubleMakesTheMailWait() {
        JamesDnsResolver failing = failing(new TemporaryResolutionException("down"), null);
        assertThat(failing.mailExchangers("example.com").join()).isInstanceOf(MxAnswer.Unavailable.class);
    }

    @Test
    void anUnexpectedExceptionMakesTheMailWait() {
        JamesDnsResolver failing = failing(null, new IllegalStateException("bug"));
        assertThat(failing.mailExchangers("example.com").join())
                .isEqualTo(new MxAnswer.Unavailable(
                        "James's DNS service: java.lang.IllegalStateException: bug", Duration.ZERO));
        assertThat(failing.addresses("example.com").join()).isInstanceOf(AddressAnswer.Unavailable.class);
    }

    @Test
    void anExecutorThatTakesNoMoreWorkMakesTheMailWait() {
        ExecutorService stopped = Executors.newSingleThreadExecutor();
        stopped.shutdown();
        JamesDnsResolver refused = new JamesDnsResolver(dns, stopped);
        assertThat(refused.mailExchangers("example.com").join()).isInstanceOf(MxAnswer.Unavailable.class);
        assertThat(refused.addresses("example.com").join()).isInstanceOf(AddressAnswer.Unavailable.class);
    }

    private Exchangers lookup(String domain) {
        return new ExchangerLookup(
                        resolver, ExchangerOptions.DEFAULT, Ourselves.NOBODY, new Random(1), Clock.systemUTC(), () -> 0)
                .lookup(domain, 25)
                .join();
    }

    private static JamesDnsResolver failing(TemporaryResolutionException temporary, RuntimeException bug) {
        DNSService service = new InMemoryDNSService() {
            @Override
            public Collection<String> findMXRecords(String hostname) throws TemporaryResolutionException {
                if (temporary != null) {
                    throw temporary;
                }
                throw bug;
            }

            @Override
            public List<InetAddress> getAllByName(String host) throws UnknownHostException {
                throw bug;
            }
        };
        return new JamesDnsResolver(service, Runnable::run);
    }
}
