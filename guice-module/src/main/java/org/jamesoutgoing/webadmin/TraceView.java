/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.webadmin;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.net.InetAddress;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jamesoutgoing.admin.RouteTrace;
import org.jamesoutgoing.delivery.LaneState;
import org.jamesoutgoing.dns.ExcludedHost;
import org.jamesoutgoing.dns.RecordingResolver.Asked;
import org.jamesoutgoing.routing.Resolution;
import org.jamesoutgoing.routing.Route;
import org.jamesoutgoing.routing.RouteMode;
import org.jamesoutgoing.routing.RouteName;
import org.jamesoutgoing.settings.ValueType;
import org.jamesoutgoing.smtp.TlsMode;

/**
 * A {@link RouteTrace} for people, in the order in which it is decided.
 *
 * @param skipped hosts, or some of their addresses, that are not used
 */
@JsonInclude(JsonInclude.Include.NON_ABSENT)
record TraceView(
        String recipient,
        String queue,
        Matched route,
        String mode,
        boolean suspended,
        List<Question> dns,
        List<Host> hosts,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) List<Skipped> skipped,
        Tls tls,
        Optional<Lane> lane,
        Outcome outcome) {

    /**
     * @param match {@code exact}, {@code wildcard} or {@code default}
     * @param origin of the route: {@code file} or {@code runtime}; absent for the mailet's own default route
     */
    @JsonInclude(JsonInclude.Include.NON_ABSENT)
    record Matched(String name, Optional<String> origin, String match, String why) {

        static Matched of(RouteTrace trace) {
            RouteName name = trace.name();
            Optional<String> origin = trace.origin().map(ValueType::spelling);
            if (name.isDefault()) {
                return new Matched(
                        name.text(),
                        origin,
                        "default",
                        "there is no route of " + trace.domain() + ", and no wildcard that fits");
            }
            return name.isWildcard()
                    ? new Matched(
                            name.text(),
                            origin,
                            "wildcard",
                            "there is no route of " + trace.domain()
                                    + " itself; this is the longest wildcard that fits")
                    : new Matched(name.text(), origin, "exact", "it is the route of this very domain");
        }
    }

    /**
     * @param records the answer; empty when there is none
     * @param problem why there is none
     * @param servers who gave it, as {@code host:port}; empty: nobody, or not known
     * @param cached whether it was known already
     * @param secondsLeft how long it may still be kept
     */
    @JsonInclude(JsonInclude.Include.NON_ABSENT)
    record Question(
            String name,
            String type,
            List<String> records,
            Optional<String> problem,
            List<String> servers,
            boolean cached,
            long secondsLeft,
            double milliseconds) {

        static Question of(Asked asked) {
            return new Question(
                    asked.name(),
                    asked.type(),
                    asked.records(),
                    Optional.of(asked.trouble()).filter(text -> !text.isEmpty()),
                    asked.servers(),
                    asked.cached(),
                    asked.ttl().toSeconds(),
                    Milliseconds.of(asked.took()));
        }
    }

    /** @param preference of an exchanger's MX record */
    @JsonInclude(JsonInclude.Include.NON_ABSENT)
    record Host(String host, int port, Optional<Integer> preference, List<String> addresses) {

        static Host of(RouteTrace.Host host) {
            return new Host(
                    host.name(),
                    host.port(),
                    host.preference(),
                    host.addresses().stream().map(InetAddress::getHostAddress).toList());
        }
    }

    record Skipped(String host, String why) {

        static Skipped of(ExcludedHost excluded) {
            return new Skipped(excluded.host(), excluded.why());
        }
    }

    /** @param authenticates whether there are credentials for the hosts */
    record Tls(String policy, String meaning, boolean authenticates) {

        static Tls of(Route route) {
            TlsMode mode = route.connection().tls().mode();
            return new Tls(
                    ValueType.spelling(mode),
                    meaning(mode),
                    route.connection().credentials().isPresent());
        }

        private static String meaning(TlsMode mode) {
            return switch (mode) {
                case NONE -> "plaintext, even where TLS is offered";
                case OPPORTUNISTIC -> "TLS where it is offered, no check of the certificate; else plaintext";
                case REQUIRED -> "TLS or no delivery, no check of the certificate";
                case VERIFY -> "TLS or no delivery, the certificate must be trusted and be the host's";
                case IMPLICIT -> "TLS from the first octet, no check of the certificate";
                case IMPLICIT_VERIFY -> "TLS from the first octet, the certificate must be trusted and be the host's";
            };
        }
    }

    /**
     * @param nextHop its name in the log
     * @param state {@code none} (nothing was sent there lately), {@code open}, {@code probing} or {@code resting} (no host
     *     could be reached; one mail at a time tries, from {@code restsUntil} on)
     */
    @JsonInclude(JsonInclude.Include.NON_ABSENT)
    record Lane(
            String nextHop,
            String state,
            Optional<Integer> inLine,
            Optional<Integer> underWay,
            Optional<Integer> mayBeUnderWay,
            Optional<Instant> restsUntil,
            Optional<String> problem) {

        static Lane of(String nextHop, Optional<LaneState> state) {
            return new Lane(
                    nextHop,
                    state.map(NextHopView::state).orElse("none"),
                    state.map(LaneState::inLine),
                    state.map(LaneState::underWay),
                    state.map(LaneState::mayBeUnderWay),
                    state.flatMap(LaneState::restsUntil),
                    state.map(LaneState::trouble).filter(text -> !text.isEmpty()));
        }
    }

    /**
     * @param action {@code attempt}, {@code defer}, {@code fail} or {@code suspended}
     * @param status RFC 3463, of {@code defer} and {@code fail}
     */
    @JsonInclude(JsonInclude.Include.NON_ABSENT)
    record Outcome(String action, Optional<String> status, String reason) {

        static Outcome of(RouteTrace trace) {
            if (trace.route().suspended().isPresent()) {
                return new Outcome(
                        "suspended",
                        Optional.empty(),
                        "the mail is accepted and waits: "
                                + trace.route().suspended().get());
            }
            if (trace.resolution() instanceof Resolution.Undeliverable undeliverable) {
                return new Outcome("fail", Optional.of(undeliverable.status()), undeliverable.reason());
            }
            if (trace.resolution() instanceof Resolution.NotNow notNow) {
                return new Outcome("defer", Optional.of(notNow.status()), notNow.reason());
            }
            if (trace.hosts().stream().allMatch(host -> host.addresses().isEmpty())) {
                return new Outcome("defer", Optional.of("4.4.3"), "no host has an address now");
            }
            return trace.lane().flatMap(LaneState::restsUntil).isPresent()
                    ? new Outcome(
                            "defer", Optional.of("4.4.1"), "no host could be reached lately; one mail tries again soon")
                    : new Outcome("attempt", Optional.empty(), "the hosts are tried in this order");
        }
    }

    static TraceView of(String recipient, String queue, RouteTrace trace) {
        return new TraceView(
                recipient,
                queue,
                Matched.of(trace),
                trace.route().mode() instanceof RouteMode.Relay ? "relay" : "independent",
                trace.route().suspended().isPresent(),
                trace.questions().stream().map(Question::of).toList(),
                trace.hosts().stream().map(Host::of).toList(),
                trace.skipped().stream().map(Skipped::of).toList(),
                Tls.of(trace.route()),
                trace.resolution() instanceof Resolution.Towards towards
                        ? Optional.of(Lane.of(towards.nextHop().name(), trace.lane()))
                        : Optional.empty(),
                Outcome.of(trace));
    }
}
