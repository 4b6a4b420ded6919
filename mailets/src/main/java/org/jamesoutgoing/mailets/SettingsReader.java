/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.mailets;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.mailet.MailetConfig;
import org.jamesoutgoing.delivery.Dispatcher;
import org.jamesoutgoing.dns.DnsServers;
import org.jamesoutgoing.routing.Concurrency;
import org.jamesoutgoing.routing.RelayHost;
import org.jamesoutgoing.routing.ResendSchedule;
import org.jamesoutgoing.routing.Route;
import org.jamesoutgoing.routing.RouteMode;
import org.jamesoutgoing.service.ServiceSettings;
import org.jamesoutgoing.smtp.ConnectionSettings;
import org.jamesoutgoing.smtp.Credentials;
import org.jamesoutgoing.smtp.PoolSettings;
import org.jamesoutgoing.smtp.Timeouts;
import org.jamesoutgoing.smtp.TlsMode;
import org.jamesoutgoing.smtp.TlsSettings;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * From the parameters of {@link OutgoingDelivery} to {@link ServiceSettings}. All of RemoteDelivery's parameters are
 * understood. Every problem is an {@link IllegalArgumentException} of one line.
 */
final class SettingsReader {

    private static final Logger LOGGER = LoggerFactory.getLogger(SettingsReader.class);

    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Duration YEAR = Duration.ofDays(365);
    private static final int SMTP_PORT = 25;
    private static final int SMTPS_PORT = 465;
    private static final String ALLOWED_SOURCE = "an IPv4 or IPv6 address of this host";

    private static final List<String> TLS_PROPERTIES =
            List.of("starttls.enable", "starttls.required", "ssl.enable", "ssl.checkserveridentity", "ssl.trust");

    enum Mode {
        INDEPENDENT,
        RELAY
    }

    private final Parameters parameters;
    private final JavaxMailProperties javax;
    private final String defaultHeloName;

    private SettingsReader(Parameters parameters, String defaultHeloName) {
        this.parameters = parameters;
        this.javax = JavaxMailProperties.read(parameters);
        this.defaultHeloName = defaultHeloName;
    }

    /** @param defaultHeloName for when the parameter {@code heloName} is not given */
    static ServiceSettings read(MailetConfig config, String defaultHeloName) {
        Parameters parameters = Parameters.of(config);
        ServiceSettings settings = new SettingsReader(parameters, defaultHeloName).read();
        parameters.rejectUnknown();
        return settings;
    }

    private ServiceSettings read() {
        parameters.ignore("deliveryThreads", "sendpartial", "debug");
        if (parameters.number("maxDnsProblemRetries", 0, Integer.MAX_VALUE).isPresent()) {
            LOGGER.warn("parameter 'maxDnsProblemRetries' is ignored: trouble with DNS is retried like any other");
        }
        return new ServiceSettings(
                parameters.text("outgoing", "outgoingQueue").orElse("outgoing"),
                parameters.text("waitingRepository"),
                route(),
                dns(),
                limits(),
                parameters.text("bounceProcessor"),
                parameters.text("onSuccess"),
                parameters.flag("usePriority").orElse(false),
                Duration.ofSeconds(7),
                parameters.asMap());
    }

    private Route route() {
        TlsMode tls = tlsMode();
        RouteMode mode = mode(tls == TlsMode.IMPLICIT || tls == TlsMode.IMPLICIT_VERIFY);
        boolean compatible = parameters.has("delayTime") || parameters.has("maxRetries");
        ResendSchedule resend = resendSchedule(compatible);
        // RemoteDelivery knows no lifetime: its number of attempts alone decides.
        Duration lifetime =
                parameters.duration("queueLifetime", SECOND, YEAR).orElse(compatible ? YEAR : Duration.ofDays(5));
        Duration nullSender = parameters
                .duration("nullSenderLifetime", SECOND, YEAR)
                .orElse(Duration.ofDays(1).compareTo(lifetime) < 0 ? Duration.ofDays(1) : lifetime);
        Duration delayDsn =
                parameters.duration("delayDsnAfter", Duration.ZERO, YEAR).orElse(Duration.ofHours(4));
        return new Route(
                Route.DEFAULT_ROUTE,
                mode,
                connection(mode, tls),
                resend,
                lifetime,
                nullSender,
                delayDsn,
                concurrency());
    }

    private ResendSchedule resendSchedule(boolean compatible) {
        Optional<List<Duration>> delays = parameters.durations("resendDelays", SECOND, YEAR);
        if (delays.isPresent() && compatible) {
            throw new IllegalArgumentException("parameter 'resendDelays' stands beside 'delayTime' or 'maxRetries';"
                    + " allowed: either ours or RemoteDelivery's");
        }
        if (compatible) {
            return RemoteDeliverySchedule.read(parameters);
        }
        parameters.ignore("delayTime", "maxRetries");
        return delays.map(list ->
                        new ResendSchedule(list, ResendSchedule.DEFAULT.jitter(), ResendSchedule.DEFAULT.maxAttempts()))
                .orElse(ResendSchedule.DEFAULT);
    }

    private RouteMode mode(boolean implicitTls) {
        Optional<String> gateway = parameters.text("relayHosts", "gateway");
        Optional<Mode> mode = parameters.choice("mode", Mode.class);
        if (mode.isPresent() && (mode.get() == Mode.RELAY) != gateway.isPresent()) {
            throw Parameters.wrong(
                    "mode",
                    parameters.text("mode").orElseThrow(),
                    "relay together with relayHosts, independent without");
        }
        boolean loadBalancing = parameters.flag("loadBalancing").orElse(true);
        boolean firstOnly = parameters.flag("firstExchangerOnly").orElse(false);
        int protocolPort = javax.number("port", 1, 65535).orElse(implicitTls ? SMTPS_PORT : SMTP_PORT);
        Optional<Integer> gatewayPort = parameters.number("gatewayPort", 1, 65535);
        int port = parameters.number("port", 1, 65535).orElse(protocolPort);
        if (gateway.isEmpty()) {
            return new RouteMode.Independent(port, firstOnly);
        }
        List<RelayHost> hosts = Parameters.parse(
                parameters.has("relayHosts") ? "relayHosts" : "gateway",
                gateway.get(),
                "one or more of host, host:port, [host], [host]:port, separated by commas",
                text -> Arrays.stream(text.split(",", -1)).map(RelayHost::parse).toList());
        return new RouteMode.Relay(hosts, loadBalancing, gatewayPort.orElse(port));
    }

    private ConnectionSettings connection(RouteMode mode, TlsMode tls) {
        String heloName =
                parameters.text("heloName").or(() -> javax.get("localhost")).orElse(defaultHeloName);
        String heloParameter =
                !parameters.has("heloName") && javax.has("localhost") ? "mail.smtp.localhost" : "heloName";
        ConnectionSettings settings = Parameters.parse(
                        heloParameter, heloName, "a host name", ConnectionSettings::defaults)
                .withTls(new TlsSettings(
                        tls, Optional.empty(), words("ssl.protocols", "[\\s,]+"), words("ssl.ciphersuites", "[\\s,]+")))
                .withCleartextAuth(parameters.flag("cleartextAuth").orElse(false))
                .withTimeouts(timeouts())
                .withPool(pool())
                .withMaxRecipientsPerTransaction(
                        parameters.number("recipientsPerTransaction", 1, 1000).orElse(100));
        String sourceParameter = parameters.has("sourceAddress") ? "sourceAddress" : "bind";
        Optional<InetAddress> source = parameters
                .text("sourceAddress", "bind")
                .map(text -> Parameters.parse(sourceParameter, text, ALLOWED_SOURCE, SettingsReader::address))
                .or(() -> javax.parsed("localaddress", ALLOWED_SOURCE, SettingsReader::address));
        if (source.isPresent()) {
            settings = settings.withSourceAddress(source.get());
        }
        Optional<Credentials> credentials = credentials();
        if (credentials.isPresent() && mode instanceof RouteMode.Relay) {
            settings = settings.withCredentials(credentials.get());
        } else if (credentials.isPresent()) {
            throw new IllegalArgumentException("parameter 'gatewayUsername' is given without 'gateway';"
                    + " allowed: together, credentials are never sent to mail exchangers");
        }
        return settings;
    }

    private Optional<Credentials> credentials() {
        Optional<String> user = parameters.text("gatewayUsername", "gatewayusername");
        Optional<String> password = parameters.text("gatewayPassword");
        if (user.isPresent() && password.isEmpty()) {
            throw new IllegalArgumentException(
                    "parameter 'gatewayPassword' is missing; allowed: together with 'gatewayUsername'");
        }
        if (password.isPresent() && user.isEmpty()) {
            throw new IllegalArgumentException(
                    "parameter 'gatewayUsername' is missing; allowed: together with 'gatewayPassword'");
        }
        return user.map(name -> Credentials.password(name, Secret.of("gatewayPassword", password.get())));
    }

    private static InetAddress address(String literal) {
        // Nothing else: a name would be asked for in DNS.
        if (!literal.matches("\\d{1,3}(\\.\\d{1,3}){3}|[0-9a-fA-F.]*:[0-9a-fA-F:.]*(%\\w+)?")) {
            throw new IllegalArgumentException();
        }
        try {
            return InetAddress.getByName(literal);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(e);
        }
    }

    /** RemoteDelivery's three switches, or ours in one word. */
    private TlsMode tlsMode() {
        Optional<TlsMode> own = parameters.choice("tls", TlsMode.class);
        Optional<Boolean> startTls = parameters.flag("startTLS");
        Optional<Boolean> ssl = parameters.flag("sslEnable");
        Optional<Boolean> trustAll = parameters.flag("sslTrustAllCerts");
        Optional<Boolean> verify = parameters.flag("verifyServerIdentity");
        if (own.isPresent()) {
            String other = Stream.of("startTLS", "sslEnable", "sslTrustAllCerts", "verifyServerIdentity")
                    .filter(parameters::has)
                    .findFirst()
                    .or(() -> TLS_PROPERTIES.stream()
                            .filter(javax::has)
                            .findFirst()
                            .map(key -> "mail.smtp." + key))
                    .orElse(null);
            if (other != null) {
                throw new IllegalArgumentException(
                        "parameter 'tls' stands beside '" + other + "'; allowed: either ours or RemoteDelivery's");
            }
            return own.get();
        }
        // Only "everybody" can be had; a list of hosts that was ignored would be another trust than is written there.
        boolean trust =
                javax.parsed("ssl.trust", "*", SettingsReader::everybody).isPresent() || trustAll.orElse(false);
        boolean verified =
                !trust && verify.orElse(javax.flag("ssl.checkserveridentity").orElse(true));
        boolean required = javax.flag("starttls.required").orElse(false);
        boolean enabled = startTls.orElse(javax.flag("starttls.enable").orElse(true));
        if (ssl.orElse(javax.flag("ssl.enable").orElse(false))) {
            return verified ? TlsMode.IMPLICIT_VERIFY : TlsMode.IMPLICIT;
        }
        if (required) {
            return verified ? TlsMode.VERIFY : TlsMode.REQUIRED;
        }
        return enabled ? TlsMode.OPPORTUNISTIC : TlsMode.NONE;
    }

    private static boolean everybody(String trusted) {
        if (!trusted.equals("*")) {
            throw new IllegalArgumentException();
        }
        return true;
    }

    private Set<String> words(String javaxKey, String separator) {
        return javax.get(javaxKey)
                .map(text -> Arrays.stream(text.split(separator))
                        .filter(word -> !word.isEmpty())
                        .collect(Collectors.toCollection(TreeSet::new)))
                .map(Set::copyOf)
                .orElse(Set.of());
    }

    private Timeouts timeouts() {
        Timeouts timeouts = Timeouts.defaults();
        Optional<Duration> all = parameters.millis("timeout").or(() -> javax.millis("timeout"));
        if (all.isPresent()) {
            timeouts = timeouts.withGreeting(all.get())
                    .withHelo(all.get())
                    .withMail(all.get())
                    .withRcpt(all.get())
                    .withDataInitiation(all.get())
                    .withDataBlock(all.get())
                    .withDataTermination(all.get());
        }
        Optional<Duration> connect = connectTimeout();
        return timeouts.withConnect(connect.orElse(timeouts.connect()))
                .withGreeting(time("greetingTimeout", timeouts.greeting()))
                .withHelo(time("heloTimeout", timeouts.helo()))
                .withMail(time("mailTimeout", timeouts.mail()))
                .withRcpt(time("rcptTimeout", timeouts.rcpt()))
                .withDataInitiation(time("dataTimeout", timeouts.dataInitiation()))
                .withDataBlock(time("dataBlockTimeout", timeouts.dataBlock()))
                .withDataTermination(time("dataEndTimeout", timeouts.dataTermination()))
                .withTransaction(time("transactionTimeout", timeouts.transaction()));
    }

    /** Ours, and RemoteDelivery's in two spellings. */
    private Optional<Duration> connectTimeout() {
        Optional<Duration> own = parameters.duration("connectTimeout", SECOND, HOUR);
        parameters.text("connectiontimeout", "connectionTimeout");
        Optional<Duration> compatible = parameters
                .millis("connectiontimeout")
                .or(() -> parameters.millis("connectionTimeout"))
                .or(() -> javax.millis("connectiontimeout"));
        if (own.isPresent() && compatible.isPresent() && !own.equals(compatible)) {
            throw new IllegalArgumentException("parameters 'connectTimeout' and 'connectiontimeout'"
                    + " mean the same and have different values; allowed: one of them");
        }
        return own.or(() -> compatible);
    }

    private Duration time(String name, Duration otherwise) {
        return parameters.duration(name, SECOND, HOUR).orElse(otherwise);
    }

    private PoolSettings pool() {
        PoolSettings pool = PoolSettings.defaults();
        return pool.withIdleTimeout(
                        parameters.duration("idleTimeout", Duration.ZERO, HOUR).orElse(pool.idleTimeout()))
                .withMaxMailsPerConnection(
                        parameters.number("mailsPerConnection", 1, 100_000).orElse(pool.maxMailsPerConnection()))
                .withMaxConnectionsPerHost(maxPerNextHop());
    }

    private int maxPerNextHop() {
        return parameters.number("connectionsPerNextHop", 1, 1000).orElse(Concurrency.DEFAULT.maximum());
    }

    private Concurrency concurrency() {
        int maximum = maxPerNextHop();
        int initial = parameters
                .number("initialConnectionsPerNextHop", 1, maximum)
                .orElse(Math.min(Concurrency.DEFAULT.initial(), maximum));
        return new Concurrency(initial, maximum);
    }

    private Dispatcher.Limits limits() {
        return new Dispatcher.Limits(
                parameters.number("maxActiveMails", 10, 100_000).orElse(1000),
                parameters.size("maxActiveSize", 1 << 20).orElse(256L << 20),
                parameters.number("connections", 1, 10_000).orElse(500));
    }

    private ServiceSettings.Dns dns() {
        Optional<DnsServers> servers = parameters.text("dnsServers").map(this::dnsServers);
        boolean fallback = parameters.flag("dnsFallbackToSystem").orElse(false);
        if (fallback && servers.isEmpty()) {
            throw new IllegalArgumentException(
                    "parameter 'dnsFallbackToSystem' is 'true'; allowed: together with 'dnsServers'");
        }
        return new ServiceSettings.Dns(
                fallback ? servers.map(DnsServers::orSystem) : servers,
                parameters.flag("parentDomainExchangers").orElse(false),
                parameters
                        .duration("dnsTimeout", Duration.ofMillis(100), Duration.ofSeconds(30))
                        .orElse(Duration.ofSeconds(3)));
    }

    private DnsServers dnsServers(String text) {
        if (text.equalsIgnoreCase("system")) {
            return DnsServers.system();
        }
        return Parameters.parse("dnsServers", text, "system, or host[:port] separated by ; or ,", DnsServers::of);
    }
}
