/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.routing;

import java.util.Arrays;
import java.util.Optional;
import org.jamesoutgoing.smtp.ConnectionSettings;

/** Routes with the default settings. */
public final class SampleRoutes {

    private SampleRoutes() {}

    public static Route independent() {
        return of(new RouteMode.Independent(25, false));
    }

    /** Fail-over over these, each as {@link RelayHost#parse} reads it. */
    public static Route relay(String... hosts) {
        return of(new RouteMode.Relay(Arrays.stream(hosts).map(RelayHost::parse).toList(), false, 25));
    }

    public static Route of(RouteMode mode) {
        return of(mode, ConnectionSettings.defaults("sender.example"));
    }

    public static Route of(RouteMode mode, ConnectionSettings connection) {
        return Route.of(RouteName.DEFAULT.text(), mode, connection);
    }

    /**
     * The same for a domain that this server is a backup mail server for, with any recipient.
     *
     * @param dsns whether senders that it does not know are sent DSNs
     */
    public static Route backup(String domain, Route route, boolean dsns) {
        return new Route(
                domain,
                route.mode(),
                route.connection(),
                route.dns(),
                route.resend(),
                route.queueLifetime(),
                route.nullSenderLifetime(),
                route.dsns(),
                route.dsnLanguages(),
                route.concurrency(),
                route.releaseRate(),
                route.suspended(),
                Optional.of(new Route.Backup(new BackupRecipients.Any(), dsns)));
    }

    /** Every domain has this route. */
    public static RoutingTable table(Route route) {
        return new RoutingTable(any -> route);
    }
}
