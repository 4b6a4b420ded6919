/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.mailets;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jamesoutgoing.routing.OptionValues;
import org.jamesoutgoing.routing.ResendSchedule;
import org.jamesoutgoing.routing.RouteName;
import org.jamesoutgoing.routing.RouteOption;
import org.jamesoutgoing.routing.RouteOptions;
import org.jamesoutgoing.routing.StaticRoute;
import org.jamesoutgoing.settings.Origin;
import org.jamesoutgoing.settings.ValueType;
import org.jamesoutgoing.smtp.TlsMode;

/**
 * What the parameters of {@link OutgoingDelivery} say about the default route: our options under their own names, and
 * RemoteDelivery's parameters of the same meaning.
 */
final class DefaultRouteReader {

    private static final List<String> TLS_SWITCHES =
            List.of("startTLS", "sslEnable", "sslTrustAllCerts", "verifyServerIdentity");
    private static final List<String> TLS_PROPERTIES =
            List.of("starttls.enable", "starttls.required", "ssl.enable", "ssl.checkserveridentity", "ssl.trust");
    private static final List<RouteOption<Duration>> TIMEOUTS = List.of(
            RouteOptions.GREETING_TIMEOUT,
            RouteOptions.HELO_TIMEOUT,
            RouteOptions.MAIL_TIMEOUT,
            RouteOptions.RCPT_TIMEOUT,
            RouteOptions.DATA_TIMEOUT,
            RouteOptions.DATA_BLOCK_TIMEOUT,
            RouteOptions.DATA_END_TIMEOUT);

    private final Parameters parameters;
    private final JavaxMailProperties javax;
    private final OptionValues.Builder values = new OptionValues.Builder();

    private DefaultRouteReader(Parameters parameters) {
        this.parameters = parameters;
        this.javax = JavaxMailProperties.read(parameters);
    }

    static OptionValues read(Parameters parameters) {
        return new DefaultRouteReader(parameters).read();
    }

    private OptionValues read() {
        compatibleTimeouts();
        compatibleSchedule();
        compatibleTls();
        property(RouteOptions.PORT, "port");
        property(RouteOptions.HELO_NAME, "localhost");
        property(RouteOptions.SOURCE_ADDRESS, "localaddress");
        property(RouteOptions.TLS_PROTOCOLS, "ssl.protocols");
        property(RouteOptions.TLS_CIPHERS, "ssl.ciphersuites");
        // Ours last: at equal meaning they count.
        RouteOptions.all().stream()
                .filter(option -> option.scope() == RouteOption.Scope.ANY)
                .forEach(option -> put(option, option.name()));
        alias(RouteOptions.RELAY_HOSTS, "gateway");
        alias(RouteOptions.SOURCE_ADDRESS, "bind");
        alias(RouteOptions.USERNAME, "gatewayusername");
        OptionValues read = values.build();
        // The rules that hold for what stands together in one place.
        new StaticRoute(RouteName.DEFAULT, Origin.MAILET, read);
        return read;
    }

    private <T> void put(RouteOption<T> option, String parameter) {
        parameters
                .text(parameter)
                .ifPresent(text -> values.put(option, text, option.type().read(parameter, text)));
    }

    private void alias(RouteOption<?> option, String alias) {
        parameters.nameOf(option.name(), alias).ifPresent(given -> put(option, given));
    }

    private <T> void property(RouteOption<T> option, String key) {
        javax.read(key, option.type())
                .ifPresent(value -> values.put(option, javax.get(key).orElseThrow(), value));
    }

    // ---- time-outs: RemoteDelivery's are milliseconds, in several spellings

    private void compatibleTimeouts() {
        millis("timeout").ifPresent(all -> TIMEOUTS.forEach(option -> values.put(option, all.toMillis() + "ms", all)));
        Optional<Duration> connect = millis("connectionTimeout").or(() -> millis("connectiontimeout"));
        connect.ifPresent(time -> {
            Optional<Duration> own =
                    parameters.read(RouteOptions.CONNECT_TIMEOUT.name(), RouteOptions.CONNECT_TIMEOUT.type());
            if (own.isPresent() && !own.equals(connect)) {
                throw new IllegalArgumentException("parameters 'connectTimeout' and 'connectiontimeout'"
                        + " mean the same and have different values; allowed: one of them");
            }
            values.put(RouteOptions.CONNECT_TIMEOUT, time.toMillis() + "ms", time);
        });
        parameters.nameOf("connectiontimeout", "connectionTimeout");
    }

    private Optional<Duration> millis(String name) {
        return parameters.read(name, ValueType.millis()).or(() -> javax.read(name, ValueType.millis()));
    }

    // ---- delayTime and maxRetries

    private void compatibleSchedule() {
        parameters.ignore("delayTime", "maxRetries");
        if (!parameters.has("delayTime") && !parameters.has("maxRetries")) {
            return;
        }
        if (parameters.has(RouteOptions.RESEND_DELAYS.name())) {
            throw new IllegalArgumentException("parameter 'resendDelays' stands beside 'delayTime' or 'maxRetries';"
                    + " allowed: either ours or RemoteDelivery's");
        }
        ResendSchedule schedule = RemoteDeliverySchedule.read(parameters);
        values.put(RouteOptions.RESEND_DELAYS, parameters.text("delayTime").orElse("6h"), schedule.delays());
        values.put(RouteOptions.RESEND_JITTER, "0");
        int attempts = schedule.maxAttempts().orElseThrow();
        values.put(RouteOptions.MAX_ATTEMPTS, String.valueOf(attempts), attempts);
        // RemoteDelivery knows no lifetime: its number of attempts alone decides.
        values.put(RouteOptions.QUEUE_LIFETIME, "365d");
    }

    // ---- TLS: RemoteDelivery's switches, or ours in one word

    private void compatibleTls() {
        if (parameters.has(RouteOptions.TLS.name())) {
            Stream.concat(
                            TLS_SWITCHES.stream().filter(parameters::has),
                            TLS_PROPERTIES.stream().filter(javax::has).map(key -> "mail.smtp." + key))
                    .findFirst()
                    .ifPresent(other -> {
                        throw new IllegalArgumentException("parameter 'tls' stands beside '" + other
                                + "'; allowed: either ours or RemoteDelivery's");
                    });
        }
        Optional<Boolean> startTls = flag("startTLS", "starttls.enable");
        Optional<Boolean> implicit = flag("sslEnable", "ssl.enable");
        Optional<Boolean> trustAll = parameters.read("sslTrustAllCerts", ValueType.flag());
        Optional<Boolean> verify = flag("verifyServerIdentity", "ssl.checkserveridentity");
        boolean required = javax.read("starttls.required", ValueType.flag()).orElse(false);
        // Only "everybody" can be had; a list of hosts that was ignored would be another trust than is written there.
        boolean trust = javax.read("ssl.trust", new ValueType<>("*", DefaultRouteReader::everybody))
                        .isPresent()
                || trustAll.orElse(false);
        boolean verified = !trust && verify.orElse(true);
        if (implicit.orElse(false)) {
            tls(verified ? TlsMode.IMPLICIT_VERIFY : TlsMode.IMPLICIT);
        } else if (required) {
            tls(verified ? TlsMode.VERIFY : TlsMode.REQUIRED);
        } else if (startTls.isPresent()) {
            tls(startTls.get() ? TlsMode.OPPORTUNISTIC : TlsMode.NONE);
        }
    }

    private Optional<Boolean> flag(String parameter, String key) {
        return parameters.read(parameter, ValueType.flag()).or(() -> javax.read(key, ValueType.flag()));
    }

    private void tls(TlsMode mode) {
        values.put(RouteOptions.TLS, ValueType.spelling(mode), mode);
    }

    private static boolean everybody(String trusted) {
        if (!trusted.equals("*")) {
            throw new IllegalArgumentException();
        }
        return true;
    }
}
