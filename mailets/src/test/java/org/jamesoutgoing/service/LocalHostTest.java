/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.jamesoutgoing.dns.OwnNames;
import org.jamesoutgoing.routing.LayeredRoutes;
import org.jamesoutgoing.routing.OptionValues;
import org.jamesoutgoing.routing.RouteAssembler;
import org.jamesoutgoing.routing.RouteName;
import org.jamesoutgoing.routing.StaticRoute;
import org.jamesoutgoing.routing.StaticRoutes;
import org.jamesoutgoing.settings.Origin;
import org.junit.jupiter.api.Test;

class LocalHostTest {

    private static final SmtpServers SERVERS = new SmtpServers(
            Set.of("Greets.Example"),
            Set.of(at("0.0.0.0", 2525), at("0.0.0.0", 587), at("127.0.0.1", 10026), at("192.0.2.7", 465)));

    private final AtomicLong nanos = new AtomicLong();
    private final List<Runnable> blocking = new ArrayList<>();
    private LayeredRoutes routes = routes(StaticRoutes.NONE);

    @Test
    void whatTheAdministratorSaysIsOurs() {
        LocalHost host = host(OwnNames.parse("mx2.example.com, 192.0.2.7"));
        assertThat(host.is("MX2.example.com.", List.of())).isTrue();
        assertThat(host.is("elsewhere.example", List.of(ip("192.0.2.7")))).isTrue();
        assertThat(host.is("elsewhere.example", List.of(ip("192.0.2.8")))).isFalse();
    }

    @Test
    void everyHeloNameAndGreetingIsOurs() {
        routes = routes(StaticRoutes.of(
                List.of(
                        route("a.example", Map.of("heloName", "helo-a.example")),
                        route("*.b.example", Map.of("heloName", "helo-b.example"))),
                List.of()));
        LocalHost host = host(OwnNames.NONE);
        assertThat(host.is("mailet.example", List.of())).isTrue();
        assertThat(host.is("HELO-A.example", List.of())).isTrue();
        assertThat(host.is("helo-b.example", List.of())).isTrue();
        assertThat(host.is("greets.example", List.of())).isTrue();
        assertThat(host.is("a.example", List.of())).isFalse();
    }

    @Test
    void heloNamesAreThoseOfNow() {
        LocalHost host = host(OwnNames.NONE);
        assertThat(host.is("new.example", List.of())).isFalse();
        routes =
                routes.with(StaticRoutes.of(List.of(), List.of(route("a.example", Map.of("heloName", "new.example")))));
        assertThat(host.is("new.example", List.of())).isTrue();
        routes = routes.with(StaticRoutes.of(List.of(), List.of(route("*", Map.of("heloName", "default.example")))));
        assertThat(host.is("new.example", List.of())).isFalse();
        assertThat(host.is("default.example", List.of())).isTrue();
    }

    @Test
    void localhostIsEverybodysName() {
        routes = new LayeredRoutes(new RouteAssembler(), OptionValues.none(), "localhost", StaticRoutes.NONE);
        assertThat(host(OwnNames.NONE).is("localhost", List.of(ip("127.0.0.1"))))
                .isFalse();
    }

    @Test
    void addressesOfInterfacesAreOursButForLoopbackOnes() throws Exception {
        LocalHost host = host(OwnNames.NONE);
        assertThat(host.is("elsewhere.example", List.of(ip("127.0.0.1")))).isFalse();
        Optional<InetAddress> own = NetworkInterface.networkInterfaces()
                .flatMap(NetworkInterface::inetAddresses)
                .filter(address -> !address.isLoopbackAddress())
                .findFirst();
        own.ifPresent(address -> assertThat(host.is("elsewhere.example", List.of(ip("192.0.2.1"), address)))
                .isTrue());
    }

    @Test
    void theSystemIsAskedAgainEveryMinuteAndNotByTheCaller() throws Exception {
        LocalHost host = host(OwnNames.NONE);
        assertThat(blocking).hasSize(1);
        blocking.remove(0).run();
        assertThat(host.is(InetAddress.getLocalHost().getHostName(), List.of()))
                .isEqualTo(!InetAddress.getLocalHost().getHostName().equals("localhost"));
        host.is("a.example", List.of());
        assertThat(blocking).isEmpty();
        nanos.addAndGet(Duration.ofSeconds(61).toNanos());
        host.is("a.example", List.of());
        host.is("a.example", List.of());
        assertThat(blocking).hasSize(1);
        blocking.remove(0).run();
        host.is("a.example", List.of());
        assertThat(blocking).isEmpty();
    }

    @Test
    void onlyOurOwnMailPortsAreOurs() {
        LocalHost host = host(OwnNames.parse("us.example"));
        assertThat(host.listensAt("us.example", List.of(), 25)).isTrue();
        assertThat(host.listensAt("us.example", List.of(), 2525)).isTrue();
        assertThat(host.listensAt("us.example", List.of(), 10025)).isFalse();
        assertThat(host.listensAt("main.example", List.of(ip("192.0.2.1")), 25)).isFalse();
        assertThat(host.listensAt("127.0.0.1", List.of(ip("127.0.0.1")), 587)).isTrue();
        assertThat(host.listensAt("::1", List.of(ip("::1")), 587)).isTrue();
        // Another server may have port 25 of this machine.
        assertThat(host.listensAt("127.0.0.1", List.of(ip("127.0.0.1")), 25)).isFalse();
    }

    @Test
    void whatListensAnywhereListensAtEveryAddressOfThisHost() throws Exception {
        LocalHost host = host(OwnNames.NONE);
        for (String address : List.of("127.0.0.1", "127.9.9.9", "::1", "::ffff:127.0.0.1", "0.0.0.0", "::")) {
            assertThat(host.listensAt(ip(address), 2525)).as(address).isTrue();
            assertThat(host.listensAt(ip(address), 25)).as(address).isFalse();
        }
        NetworkInterface.networkInterfaces()
                .flatMap(NetworkInterface::inetAddresses)
                .forEach(address -> assertThat(host.listensAt(address, 2525))
                        .as(address.toString())
                        .isTrue());
        assertThat(host.listensAt(ip("192.0.2.1"), 2525)).isFalse();
    }

    @Test
    void whatListensAtOneAddressListensAtNoOther() {
        LocalHost host = host(OwnNames.NONE);
        assertThat(host.listensAt(ip("127.0.0.1"), 10026)).isTrue();
        assertThat(host.listensAt(ip("0.0.0.0"), 10026)).as("leads to it").isTrue();
        assertThat(host.listensAt(ip("127.0.0.2"), 10026)).isFalse();
        assertThat(host.listensAt(ip("192.0.2.7"), 465)).isTrue();
        // Another server of this machine may have it.
        assertThat(host.listensAt(ip("127.0.0.1"), 465)).isFalse();
        assertThat(host.listensAt(ip("0.0.0.0"), 465)).isFalse();
    }

    @Test
    void whatStandsForThisServerOutsideLeadsToItOnItsPorts() {
        LocalHost host = host(OwnNames.parse("198.51.100.1"));
        assertThat(host.listensAt(ip("198.51.100.1"), 465)).isTrue();
        assertThat(host.listensAt(ip("198.51.100.1"), 25)).isFalse();
    }

    private LocalHost host(OwnNames ownNames) {
        return new LocalHost(ownNames, SERVERS, () -> routes, blocking::add, nanos::get);
    }

    private static LayeredRoutes routes(StaticRoutes statics) {
        OptionValues mailet = OptionValues.of(Map.of("heloName", "mailet.example"));
        return new LayeredRoutes(new RouteAssembler(), mailet, "default-domain.example", statics);
    }

    private static StaticRoute route(String name, Map<String, String> options) {
        return new StaticRoute(RouteName.parse(name), Origin.FILE, OptionValues.of(options));
    }

    private static InetSocketAddress at(String address, int port) {
        return new InetSocketAddress(ip(address), port);
    }

    private static InetAddress ip(String literal) {
        try {
            return InetAddress.getByName(literal);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(e);
        }
    }
}
