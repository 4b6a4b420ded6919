/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
/**
 * The mailets and matchers an administrator names in {@code mailetcontainer.xml}. They read parameters and hand mail over,
 * nothing else.
 *
 * <p>Start reading at {@link org.jamesoutgoing.mailets.OutgoingDelivery}; {@link org.jamesoutgoing.mailets.SettingsReader}
 * makes a value of its parameters, RemoteDelivery's included. {@link org.jamesoutgoing.mailets.DeliveryStatusNotification}
 * makes the service's failure messages for any processor.
 */
package org.jamesoutgoing.mailets;
