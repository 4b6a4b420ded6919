/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.jamesoutgoing.backup.BackupServer.Decision.COULD_ROUTE;
import static org.jamesoutgoing.backup.BackupServer.Decision.LATER;
import static org.jamesoutgoing.backup.BackupServer.Decision.NOT_BACKUP;
import static org.jamesoutgoing.backup.BackupServer.Decision.TAKEN;
import static org.jamesoutgoing.backup.BackupServer.Decision.UNKNOWN;

import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.james.core.Domain;
import org.apache.james.core.MailAddress;
import org.apache.james.domainlist.api.DomainList;
import org.apache.james.domainlist.api.DomainListException;
import org.jamesoutgoing.routing.AllowedReads;
import org.jamesoutgoing.routing.OptionValues;
import org.jamesoutgoing.routing.RouteName;
import org.jamesoutgoing.routing.StaticRoute;
import org.jamesoutgoing.routing.StaticRoutes;
import org.jamesoutgoing.settings.Origin;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BackupServerTest {

    private StaticRoutes routes = StaticRoutes.of(
            List.of(
                    route("any.test", "any"),
                    route("list.test", "ann"),
                    route("file.test", "file:/nonexistent/list"),
                    route("ask.test", "ask"),
                    route("james.test", "any"),
                    route("unclear.test", "any")),
            List.of());
    private final BackupServer backup = new BackupServer(() -> routes, domainList(), Optional::empty, any -> {});

    @Test
    void exactlyTheDomainsOfBackupRoutesAreServed() throws Exception {
        assertThat(serves("user@any.test")).isTrue();
        assertThat(serves("nobody@list.test")).isTrue();
        assertThat(serves("user@sub.any.test")).isFalse();
        assertThat(serves("user@other.test")).isFalse();
        assertThat(serves("user%other.test@any.test")).isFalse();
    }

    @Test
    void whatTheRoutesSayNowCounts() throws Exception {
        routes = StaticRoutes.NONE;
        assertThat(serves("user@any.test")).isFalse();
        assertThat(judge("user@any.test")).isEqualTo(NOT_BACKUP);
    }

    @Test
    void aDomainOfJamesIsNeverOne() throws Exception {
        assertThat(serves("user@james.test")).isFalse();
        assertThat(judge("user@james.test")).isEqualTo(NOT_BACKUP);
    }

    @Test
    void aDomainThatJamesCannotTellOfIsNone() throws Exception {
        assertThat(judge("user@unclear.test")).isEqualTo(NOT_BACKUP);
    }

    @Test
    void eachRouteHasItsOwnRecipients() throws Exception {
        assertThat(judge("user@any.test")).isEqualTo(TAKEN);
        assertThat(judge("\"other.test!user\"@any.test")).isEqualTo(COULD_ROUTE);
        assertThat(judge("Ann@list.test")).isEqualTo(TAKEN);
        assertThat(judge("bob@list.test")).isEqualTo(UNKNOWN);
        assertThat(judge("ann@file.test")).isEqualTo(LATER);
        assertThat(judge("user@other.test")).isEqualTo(NOT_BACKUP);
    }

    /** Whose list is in a file that a route made at run time may not name: nobody knows, and the file is not read. */
    @Test
    void aListThatMayNotBeReadIsNotRead(@TempDir Path directory) throws Exception {
        Path list = Files.writeString(directory.resolve("list"), "ann");
        StaticRoute inFile = route("file.test", "file:" + list);
        BackupServer bound = new BackupServer(() -> routes, domainList(), Optional::empty, AllowedReads.NOTHING::check);
        routes = StaticRoutes.of(List.of(inFile), List.of());
        assertThat(bound.judge(new MailAddress("ann@file.test"))).isEqualTo(TAKEN);
        routes = StaticRoutes.of(List.of(), List.of(new StaticRoute(inFile.name(), Origin.RUNTIME, inFile.values())));
        assertThat(bound.judge(new MailAddress("ann@file.test"))).isEqualTo(LATER);
    }

    @Test
    void whereNobodyCanBeAskedTheRecipientIsTaken() throws Exception {
        assertThat(judge("user@ask.test")).isEqualTo(TAKEN);
    }

    private boolean serves(String recipient) throws Exception {
        return backup.serves(new MailAddress(recipient));
    }

    private BackupServer.Decision judge(String recipient) throws Exception {
        return backup.judge(new MailAddress(recipient));
    }

    private static StaticRoute route(String domain, String recipients) {
        return new StaticRoute(
                RouteName.parse(domain),
                Origin.FILE,
                OptionValues.of(Map.of("backup", "true", "backupRecipients", recipients)));
    }

    private static DomainList domainList() {
        return (DomainList) Proxy.newProxyInstance(
                DomainList.class.getClassLoader(), new Class<?>[] {DomainList.class}, (proxy, method, arguments) -> {
                    if (arguments[0].equals(Domain.of("unclear.test"))) {
                        throw new DomainListException("unclear");
                    }
                    return arguments[0].equals(Domain.of("james.test"));
                });
    }
}
