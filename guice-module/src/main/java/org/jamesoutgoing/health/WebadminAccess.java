/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.health;

import com.google.inject.Binding;
import com.google.inject.Injector;
import com.google.inject.Key;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import javax.inject.Inject;
import org.apache.james.webadmin.WebAdminConfiguration;
import org.apache.james.webadmin.authentication.AuthenticationFilter;
import org.apache.james.webadmin.authentication.NoAuthenticationFilter;
import org.jamesoutgoing.admin.ServiceHealth.Finding;

/** Whether webadmin, which decides where mail goes, asks nobody who he is and can be reached from other machines. */
final class WebadminAccess {

    private final Injector james;

    /** @param james has a webadmin, or not */
    @Inject
    WebadminAccess(Injector james) {
        this.james = james;
    }

    /** May ask the system for the address of a name. */
    Optional<Finding> finding() {
        boolean open = part(AuthenticationFilter.class)
                .filter(NoAuthenticationFilter.class::isInstance)
                .isPresent();
        return part(WebAdminConfiguration.class)
                .filter(WebAdminConfiguration::isEnabled)
                .map(WebAdminConfiguration::getHost)
                .filter(host -> open && !isLoopback(host))
                .map(host -> Finding.degraded("it asks nobody who he is, and listens at " + host
                        + ": set jwt.enabled=true in webadmin.properties, or host=127.0.0.1"));
    }

    private <T> Optional<T> part(Class<T> type) {
        return Optional.ofNullable(james.getExistingBinding(Key.get(type)))
                .map(Binding::getProvider)
                .map(provider -> provider.get());
    }

    private static boolean isLoopback(String host) {
        try {
            return InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException e) {
            // James does not start there.
            return true;
        }
    }
}
