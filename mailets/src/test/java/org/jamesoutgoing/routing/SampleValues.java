/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.routing;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** For every option a value, another one, and what must stand beside it for the option to have a meaning. */
final class SampleValues {

    /**
     * Of one option.
     *
     * @param value not the built-in one
     * @param other neither that nor {@code value}; empty: the option not given at all
     */
    record Sample(String value, Optional<String> other, Map<String, String> beside) {}

    private static final Map<String, String> RELAY = Map.of("relayHosts", "relay.example");
    private static final Map<String, String> LOGIN =
            Map.of("relayHosts", "relay.example", "gatewayUsername", "james", "gatewayPassword", "hunter2");
    private static final Map<String, String> BACKUP = Map.of("backup", "true");

    private final Map<String, Sample> samples = new LinkedHashMap<>();

    /** @param stores trust and key stores as {@link SampleStores} makes them */
    SampleValues(Path stores) {
        // where to
        sample("mode", "independent", null, RELAY);
        sample("relayHosts", "one.example, two.example:2525", "three.example");
        sample("loadBalancing", "false", "true", RELAY);
        sample("gatewayPort", "587", "588", RELAY);
        sample("port", "2525", "2526");
        sample("gatewayUsername", "alice", "bob", LOGIN);
        sample("gatewayPassword", "correct horse", "battery staple", LOGIN);
        sample("authMechanisms", "login", "cram-md5, plain", LOGIN);
        sample("cleartextAuth", "true", "false");
        sample("firstExchangerOnly", "true", "false");
        sample("localExchangers", "true", "false");
        // DNS
        sample("dnsServers", "192.0.2.53", "192.0.2.54:5353");
        sample("dnsFallbackToSystem", "true", "false", Map.of("dnsServers", "192.0.2.53"));
        sample("parentDomainExchangers", "true", "false");
        sample("dnsTimeout", "1s", "2s");
        // again and again
        sample("resendDelays", "7m", "8m, 9m");
        sample("resendJitter", "7", "8");
        sample("maxAttempts", "7", "8");
        sample("queueLifetime", "7d", "8d");
        sample("nullSenderLifetime", "7h", "8h");
        sample("suspended", "true", "false");
        // who is told
        sample("delayDsnAfter", "7h", "8h");
        sample("delayDsnRepeat", "7h", "8h");
        sample("failureDsn", "local", "authenticated, postmaster");
        sample("delayDsn", "off", "postmaster");
        sample("successDsn", "authenticated", "off");
        sample("queueFullDsn", "on, postmaster", "local");
        // how
        sample("heloName", "one.example", "two.example");
        sample("sourceAddress", "127.0.0.1", "::1");
        sample("tls", "verify", "none");
        sample("dsnLanguages", "de, fr", "fr");
        sample("tlsProtocols", "TLSv1.3", "TLSv1.2");
        sample("tlsCiphers", "TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384");
        String password = SampleStores.PASSWORD;
        Map<String, String> verified = Map.of("tls", "verify");
        sample("trustStore", stores + "/one.pem", stores + "/two.pem", verified);
        sample(
                "trustStorePassword",
                password,
                "file:" + stores + "/password",
                Map.of("tls", "verify", "trustStore", stores + "/trust.p12"));
        sample("keyStore", stores + "/one.p12", stores + "/two.p12", Map.of("keyStorePassword", password));
        sample("keyStorePassword", password, "file:" + stores + "/password", Map.of("keyStore", stores + "/one.p12"));
        for (String timeout : new String[] {
            "connect", "greeting", "helo", "tls", "mail", "rcpt", "data", "dataBlock", "dataEnd", "transaction"
        }) {
            sample(timeout + "Timeout", "7s", "8s");
        }
        sample("recipientsPerTransaction", "7", "8");
        sample("replyLineLength", "700", "800");
        sample("replyLines", "7", "8");
        sample("replyBytes", "700", "800");
        sample("bytesBeforeTls", "700", "800");
        // how much
        sample("connectionsPerNextHop", "7", "8");
        sample("initialConnectionsPerNextHop", "2", "3");
        sample("connectionsPerSource", "7", "8");
        sample("mailsPerConnection", "7", "8");
        sample("idleTimeout", "7s", "8s");
        sample("releaseRate", "7", "8");
        // backup mail server
        sample("backup", "true", "false");
        sample("backupRecipients", "any", "alice, bob", BACKUP);
        sample("backupDsns", "false", "true", BACKUP);
    }

    private void sample(String option, String value, String other) {
        sample(option, value, other, Map.of());
    }

    private void sample(String option, String value, String other, Map<String, String> beside) {
        Map<String, String> others = new LinkedHashMap<>(beside);
        others.remove(option);
        samples.put(option, new Sample(value, Optional.ofNullable(other), others));
    }

    /** @throws AssertionError when the table has no line for it: a new option needs one */
    Sample of(RouteOption<?> option) {
        return Optional.ofNullable(samples.get(option.name()))
                .orElseThrow(() -> new AssertionError("no sample value for the option " + option));
    }
}
