/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.routing;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Stream;
import org.jamesoutgoing.dns.DnsServers;
import org.jamesoutgoing.routing.RouteOptions.Mode;
import org.jamesoutgoing.settings.OptionException;
import org.jamesoutgoing.settings.Origin;
import org.jamesoutgoing.settings.ValueType;
import org.jamesoutgoing.smtp.ConnectionSettings;
import org.jamesoutgoing.smtp.Credentials;
import org.jamesoutgoing.smtp.PoolSettings;
import org.jamesoutgoing.smtp.ReplyLimits;
import org.jamesoutgoing.smtp.Timeouts;
import org.jamesoutgoing.smtp.TlsMode;
import org.jamesoutgoing.smtp.TlsSettings;

/**
 * From options to the route they make. Each option is inherited by itself, with these exceptions, all of them because values
 * of different places would not belong together:
 *
 * <ul>
 *   <li>the nearest place that gives {@code mode} or {@code relayHosts} decides between independent and relay mode;
 *   <li>a place that names relay hosts does not inherit the credentials that were meant for others;
 *   <li>a backup route that says nothing of a queue lifetime has one of 10 days, and one that says nothing of
 *       {@code maxAttempts} has no such limit: it asks a main server that is down far more often;
 *   <li>{@code initialConnectionsPerNextHop} is never above a {@code connectionsPerNextHop} given elsewhere, nor {@code nullSenderLifetime}
 *       above a {@code queueLifetime} that is given nearer.
 * </ul>
 *
 * <p>Thread-safe. Reads trust and key stores, so it may block.
 */
public final class RouteAssembler {

    private static final int SMTP_PORT = 25;
    private static final int SMTPS_PORT = 465;
    private static final OptionValues BACKUP_DEFAULTS =
            OptionValues.of(Map.of(RouteOptions.QUEUE_LIFETIME.name(), "10d"));

    private final TlsContexts contexts = new TlsContexts();
    private final AllowedReads runtimeReads;

    /** @param runtimeReads what a route that was made at run time may have read */
    public RouteAssembler(AllowedReads runtimeReads) {
        this.runtimeReads = runtimeReads;
    }

    /** Routes that were made at run time may have nothing read. */
    public RouteAssembler() {
        this(AllowedReads.NOTHING);
    }

    AllowedReads runtimeReads() {
        return runtimeReads;
    }

    static OptionException modeAndHosts(String mode) {
        return OptionException.wrong(
                RouteOptions.MODE.name(), mode, "relay together with relayHosts, independent without");
    }

    /** What is built in when James knows itself by this name. */
    static EffectiveOptions.Layer builtIn(String heloName) {
        OptionValues.Builder values = new OptionValues.Builder();
        for (RouteOption<?> option : RouteOptions.all()) {
            option.builtIn().ifPresent(text -> values.put(option, text));
        }
        values.put(RouteOptions.HELO_NAME, heloName);
        return new EffectiveOptions.Layer(Origin.BUILT_IN, values.build());
    }

    /** The options with what follows from them: what a backup route has where it says nothing. */
    static EffectiveOptions complete(EffectiveOptions options) {
        return options.require(RouteOptions.BACKUP) && options.distance(RouteOptions.QUEUE_LIFETIME) > 0
                ? options.with(1, new EffectiveOptions.Layer(Origin.BUILT_IN, BACKUP_DEFAULTS))
                : options;
    }

    /**
     * The route these options make. One that would have something read that it may not, which it was let to say once, is
     * suspended: nothing is delivered without what it should be delivered with, and nothing forbidden is read.
     *
     * @param options as {@link #complete} leaves them
     * @throws OptionException when they cannot be used together
     */
    Route assemble(RouteName name, EffectiveOptions options) {
        TlsMode tls = options.require(RouteOptions.TLS);
        RouteMode mode = mode(options, tls);
        Optional<Credentials> credentials = credentials(options, mode);
        boolean forbidden = isForbidden(options, credentials.isPresent(), tls);
        return new Route(
                name.text(),
                mode,
                connection(options, credentials, tls, forbidden),
                dns(options),
                resend(options),
                options.require(RouteOptions.QUEUE_LIFETIME),
                nullSenderLifetime(options),
                dsns(options),
                options.require(RouteOptions.DSN_LANGUAGES),
                concurrency(options),
                optional(options, RouteOptions.RELEASE_RATE),
                suspended(options, forbidden),
                backup(options));
    }

    /** Senders are told the reason: so no paths, and no names of variables. */
    private static Optional<String> suspended(EffectiveOptions options, boolean forbidden) {
        if (forbidden) {
            return Optional.of(
                    "its route names what a route made in webadmin may not have read; James's log says what");
        }
        return options.require(RouteOptions.SUSPENDED) ? Optional.of("its route says so") : Optional.empty();
    }

    /** Whether somewhere something is named that is used, and may not be read. */
    private boolean isForbidden(EffectiveOptions options, boolean authenticates, TlsMode tls) {
        Stream<RouteOption<?>> ofTls = tls == TlsMode.NONE
                ? Stream.of()
                : Stream.of(
                        RouteOptions.TRUST_STORE,
                        RouteOptions.TRUST_STORE_PASSWORD,
                        RouteOptions.KEY_STORE,
                        RouteOptions.KEY_STORE_PASSWORD);
        return Stream.concat(authenticates ? Stream.of(RouteOptions.PASSWORD) : Stream.of(), ofTls)
                .anyMatch(option -> options.find(option)
                        .flatMap(found -> runtimeReads.in(found.origin()).objection(option, found.text()))
                        .isPresent());
    }

    // ---- where to

    static boolean isRelay(EffectiveOptions options) {
        Mode mode = options.require(RouteOptions.MODE);
        int hosts = options.distance(RouteOptions.RELAY_HOSTS);
        int given = options.distance(RouteOptions.MODE);
        if (hosts < given) {
            return true;
        }
        if (mode == Mode.RELAY && hosts == Integer.MAX_VALUE) {
            throw modeAndHosts("relay");
        }
        return mode == Mode.RELAY;
    }

    private static RouteMode mode(EffectiveOptions options, TlsMode tls) {
        int port = options.get(RouteOptions.PORT).orElse(tls.implicit() ? SMTPS_PORT : SMTP_PORT);
        if (!isRelay(options)) {
            return new RouteMode.Independent(port, options.require(RouteOptions.FIRST_EXCHANGER_ONLY));
        }
        return new RouteMode.Relay(
                options.get(RouteOptions.RELAY_HOSTS).orElseThrow(),
                options.require(RouteOptions.LOAD_BALANCING),
                options.get(RouteOptions.GATEWAY_PORT).orElse(port));
    }

    private static DnsOptions dns(EffectiveOptions options) {
        Optional<DnsServers> servers = options.get(RouteOptions.DNS_SERVERS);
        boolean fallback = options.require(RouteOptions.DNS_FALLBACK);
        if (fallback && servers.isEmpty()) {
            throw OptionException.wrong(RouteOptions.DNS_FALLBACK.name(), "true", "together with 'dnsServers'");
        }
        return new DnsOptions(
                fallback ? servers.map(DnsServers::orSystem) : servers,
                options.require(RouteOptions.PARENT_DOMAIN),
                options.require(RouteOptions.LOCAL_EXCHANGERS),
                options.require(RouteOptions.DNS_TIMEOUT));
    }

    // ---- how

    private ConnectionSettings connection(
            EffectiveOptions options, Optional<Credentials> credentials, TlsMode tls, boolean forbidden) {
        return new ConnectionSettings(
                options.require(RouteOptions.HELO_NAME),
                options.get(RouteOptions.SOURCE_ADDRESS),
                new TlsSettings(
                        tls,
                        tls == TlsMode.NONE || forbidden ? Optional.empty() : contexts.of(options, tls.verifies()),
                        options.get(RouteOptions.TLS_PROTOCOLS).orElse(Set.of()),
                        options.get(RouteOptions.TLS_CIPHERS).orElse(Set.of())),
                credentials,
                options.require(RouteOptions.CLEARTEXT_AUTH),
                timeouts(options),
                new ReplyLimits(
                        options.require(RouteOptions.REPLY_LINE_LENGTH),
                        options.require(RouteOptions.REPLY_LINES),
                        options.require(RouteOptions.REPLY_BYTES),
                        options.require(RouteOptions.BYTES_BEFORE_TLS)),
                pool(options),
                options.require(RouteOptions.RECIPIENTS_PER_TRANSACTION),
                true,
                Set.of());
    }

    private Optional<Credentials> credentials(EffectiveOptions options, RouteMode mode) {
        int given = Math.min(options.distance(RouteOptions.USERNAME), options.distance(RouteOptions.PASSWORD));
        if (mode instanceof RouteMode.Independent) {
            if (given == 0) {
                throw OptionException.of(
                        RouteOptions.USERNAME.name(),
                        "is given without 'relayHosts'; allowed: together, credentials are never sent to mail exchangers");
            }
            return Optional.empty();
        }
        int hosts = options.distance(RouteOptions.RELAY_HOSTS);
        if (given > hosts) {
            return Optional.empty();
        }
        // From further away than the relay hosts come credentials for other hosts.
        String user = options.find(RouteOptions.USERNAME)
                .filter(found -> found.distance() <= hosts)
                .orElseThrow(() -> missing(RouteOptions.USERNAME, RouteOptions.PASSWORD))
                .value();
        EffectiveOptions.Setting<String> password = options.find(RouteOptions.PASSWORD)
                .filter(found -> found.distance() <= hosts)
                .orElseThrow(() -> missing(RouteOptions.PASSWORD, RouteOptions.USERNAME));
        return Optional.of(new Credentials(
                user,
                Secret.of(password.value(), runtimeReads.in(password.origin())),
                options.require(RouteOptions.AUTH_MECHANISMS)));
    }

    private static OptionException missing(RouteOption<?> option, RouteOption<?> other) {
        return OptionException.of(option.name(), "is missing; allowed: together with '" + other.name() + "'");
    }

    private static Timeouts timeouts(EffectiveOptions options) {
        Timeouts others = Timeouts.defaults();
        return new Timeouts(
                options.require(RouteOptions.CONNECT_TIMEOUT),
                options.require(RouteOptions.GREETING_TIMEOUT),
                options.require(RouteOptions.HELO_TIMEOUT),
                options.require(RouteOptions.TLS_TIMEOUT),
                options.require(RouteOptions.MAIL_TIMEOUT),
                options.require(RouteOptions.RCPT_TIMEOUT),
                options.require(RouteOptions.DATA_TIMEOUT),
                options.require(RouteOptions.DATA_BLOCK_TIMEOUT),
                options.require(RouteOptions.DATA_END_TIMEOUT),
                others.reset(),
                others.quit(),
                options.require(RouteOptions.TRANSACTION_TIMEOUT));
    }

    // ---- how much

    private static PoolSettings pool(EffectiveOptions options) {
        PoolSettings defaults = PoolSettings.defaults();
        return new PoolSettings(
                options.require(RouteOptions.IDLE_TIMEOUT),
                options.require(RouteOptions.MAILS_PER_CONNECTION),
                options.require(RouteOptions.CONNECTIONS_PER_NEXT_HOP),
                options.get(RouteOptions.CONNECTIONS_PER_SOURCE).orElse(defaults.maxConnectionsPerSource()),
                defaults.waitTimeout());
    }

    private static Concurrency concurrency(EffectiveOptions options) {
        EffectiveOptions.Setting<Integer> most =
                options.find(RouteOptions.CONNECTIONS_PER_NEXT_HOP).orElseThrow();
        EffectiveOptions.Setting<Integer> first =
                options.find(RouteOptions.INITIAL_CONNECTIONS).orElseThrow();
        boolean meant = first.distance() == most.distance() || most.origin() == Origin.BUILT_IN;
        if (first.origin() != Origin.BUILT_IN && meant && first.value() > most.value()) {
            throw OptionException.wrong(
                    RouteOptions.INITIAL_CONNECTIONS.name(),
                    first.text(),
                    ValueType.number(1, most.value()).allowed());
        }
        return new Concurrency(Math.min(first.value(), most.value()), most.value());
    }

    // ---- again and again

    private static ResendSchedule resend(EffectiveOptions options) {
        List<Duration> delays = options.require(RouteOptions.RESEND_DELAYS);
        return new ResendSchedule(
                delays,
                options.require(RouteOptions.RESEND_JITTER) / 100.0,
                options.require(RouteOptions.BACKUP) && options.distance(RouteOptions.MAX_ATTEMPTS) > 0
                        ? OptionalInt.empty()
                        : optional(options, RouteOptions.MAX_ATTEMPTS));
    }

    private static Duration nullSenderLifetime(EffectiveOptions options) {
        EffectiveOptions.Setting<Duration> all =
                options.find(RouteOptions.QUEUE_LIFETIME).orElseThrow();
        EffectiveOptions.Setting<Duration> own =
                options.find(RouteOptions.NULL_SENDER_LIFETIME).orElseThrow();
        boolean longer = own.value().compareTo(all.value()) > 0;
        return longer && own.distance() > all.distance() ? all.value() : own.value();
    }

    private static DsnPolicies dsns(EffectiveOptions options) {
        return new DsnPolicies(
                options.require(RouteOptions.FAILURE_DSN),
                options.require(RouteOptions.DELAY_DSN),
                options.require(RouteOptions.SUCCESS_DSN),
                options.require(RouteOptions.QUEUE_FULL_DSN),
                options.require(RouteOptions.DELAY_DSN_AFTER),
                options.require(RouteOptions.DELAY_DSN_REPEAT));
    }

    private static Optional<Route.Backup> backup(EffectiveOptions options) {
        return options.require(RouteOptions.BACKUP)
                ? Optional.of(new Route.Backup(
                        options.require(RouteOptions.BACKUP_RECIPIENTS), options.require(RouteOptions.BACKUP_DSNS)))
                : Optional.empty();
    }

    private static OptionalInt optional(EffectiveOptions options, RouteOption<Integer> option) {
        return options.get(option).map(OptionalInt::of).orElse(OptionalInt.empty());
    }
}
