/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.dns;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.james.dnsservice.api.DNSService;
import org.apache.james.dnsservice.api.TemporaryResolutionException;

/**
 * Asks James's {@link DNSService}, for the James whose administrator (or test) replaced the DNS service by another one.
 *
 * <p>That service tells less than DNS does, and so does this resolver:
 *
 * <ul>
 *   <li>no preferences: exchangers come sorted, so their place in the list is their preference;
 *   <li>no time to live: zero, for the service has its own cache;
 *   <li>an unknown name and a name whose addresses could not be found out look alike, both are {@code NoSuchName}.
 *       (That is why James's own dnsjava service is not used: {@link DnsjavaResolver} asks its servers instead.)
 * </ul>
 *
 * <p>The service blocks, so it is called on the executor handed in. An executor that takes no more work makes the
 * answer {@code Unavailable}.
 */
public final class JamesDnsResolver implements Resolver {
    private static final List<String> SOURCE = List.of("James's DNS service");

    private final DNSService dns;
    private final Executor executor;

    /**
     * @param executor for blocking calls; bounded, or a dead DNS service fills it with waiting threads
     */
    public JamesDnsResolver(DNSService dns, Executor executor) {
        this.dns = dns;
        this.executor = executor;
    }

    @Override
    public CompletableFuture<MxAnswer> mailExchangers(String asciiName) {
        return call(() -> askExchangers(asciiName), MxAnswer.Unavailable::new);
    }

    @Override
    public CompletableFuture<AddressAnswer> addresses(String hostName) {
        return call(() -> askAddresses(hostName), AddressAnswer.Unavailable::new);
    }

    @Override
    public CompletableFuture<SourcedAnswer<MxAnswer>> sourcedExchangers(String asciiName) {
        return mailExchangers(asciiName).thenApply(answer -> new SourcedAnswer<>(answer, SOURCE, false));
    }

    @Override
    public CompletableFuture<SourcedAnswer<AddressAnswer>> sourcedAddresses(String hostName) {
        return addresses(hostName).thenApply(answer -> new SourcedAnswer<>(answer, SOURCE, false));
    }

    private MxAnswer askExchangers(String name) {
        Collection<String> hosts;
        try {
            hosts = dns.findMXRecords(name);
        } catch (TemporaryResolutionException e) {
            return new MxAnswer.Unavailable(why(e));
        } catch (RuntimeException e) {
            // James's in-memory service wraps the exception for an unknown name.
            if (e.getCause() instanceof UnknownHostException) {
                return new MxAnswer.NoSuchName(Duration.ZERO);
            }
            return new MxAnswer.Unavailable(why(e));
        }
        if (hosts == null || hosts.isEmpty()) {
            return new MxAnswer.NoData(name, Duration.ZERO);
        }
        List<MxRecord> records = new ArrayList<>();
        for (String host : hosts) {
            records.add(new MxRecord(records.size(), withoutDot(host)));
        }
        return new MxAnswer.Records(name, records, Duration.ZERO);
    }

    private AddressAnswer askAddresses(String host) {
        try {
            Collection<InetAddress> addresses = dns.getAllByName(host);
            return addresses == null || addresses.isEmpty()
                    ? new AddressAnswer.NoData(Duration.ZERO)
                    : new AddressAnswer.Addresses(List.copyOf(addresses), Duration.ZERO);
        } catch (UnknownHostException e) {
            return new AddressAnswer.NoSuchName(Duration.ZERO);
        } catch (RuntimeException e) {
            if (e.getCause() instanceof UnknownHostException) {
                return new AddressAnswer.NoSuchName(Duration.ZERO);
            }
            return new AddressAnswer.Unavailable(why(e));
        }
    }

    private <A> CompletableFuture<A> call(Supplier<A> question, Function<String, A> unavailable) {
        try {
            return CompletableFuture.supplyAsync(question, executor).exceptionally(e -> unavailable.apply(why(e)));
        } catch (RuntimeException e) {
            return CompletableFuture.completedFuture(unavailable.apply(why(e)));
        }
    }

    private static String why(Throwable e) {
        return PrintableAscii.of("James's DNS service: " + e);
    }

    private static String withoutDot(String host) {
        String lower = host.toLowerCase(Locale.ROOT);
        return lower.endsWith(".") ? lower.substring(0, lower.length() - 1) : lower;
    }
}
